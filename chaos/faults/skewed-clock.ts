/** Preloaded into a process: its clock is off by `CHAOS_CLOCK_SKEW_MS`, whoever asks it, while durations stay true. */
const skewMs = Number(process.env['CHAOS_CLOCK_SKEW_MS'] ?? 0);
const TrueDate = Date;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args: readonly unknown[]) =>
    Reflect.construct(target, args.length === 0 ? [TrueDate.now() + skewMs] : args),
  get: (target, member) => (member === 'now' ? () => TrueDate.now() + skewMs : Reflect.get(target, member)),
});
