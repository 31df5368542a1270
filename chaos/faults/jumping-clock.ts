/** Preloaded into a process: with each SIGUSR2 its clock jumps by `CHAOS_CLOCK_SKEW_MS`, there and back, whoever asks it, while durations stay true. */
const skewMs = Number(process.env['CHAOS_CLOCK_SKEW_MS'] ?? 0);
const TrueDate = Date;
let offMs = 0;
process.on('SIGUSR2', () => (offMs = offMs === 0 ? skewMs : 0));

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args: readonly unknown[]) =>
    Reflect.construct(target, args.length === 0 ? [TrueDate.now() + offMs] : args),
  get: (target, member) => (member === 'now' ? () => TrueDate.now() + offMs : Reflect.get(target, member)),
});
