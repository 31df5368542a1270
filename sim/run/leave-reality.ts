/** Cuts a run off from the machine: its time and its chance throw, and nothing of a run stays in memory when it is over. Answers with the way back. */
export function leaveReality(): () => void {
  const real = {
    now: Date.now,
    random: Math.random,
    any: Reflect.get(AbortSignal, 'any'),
    setTimeout,
    setInterval,
    setImmediate,
  };
  Date.now = forbidden('Date.now');
  Math.random = forbidden('Math.random');
  AbortSignal.any = anyOf;
  Object.assign(globalThis, {
    setTimeout: forbidden('setTimeout'),
    setInterval: forbidden('setInterval'),
    setImmediate: forbidden('setImmediate'),
  });
  return () => {
    Date.now = real.now;
    Math.random = real.random;
    AbortSignal.any = real.any;
    const { setTimeout, setInterval, setImmediate } = real;
    Object.assign(globalThis, { setTimeout, setInterval, setImmediate });
  };
}

/** Everything that would make two runs of a seed differ. */
function forbidden(name: string): () => never {
  return () => {
    throw new Error(`${name} in a simulated run`);
  };
}

/**
 * Node keeps a signal that somebody listens to, and all that hangs on it, until one of its sources aborts. In a world that is left in the middle
 * none ever does: 0.4 MB a seed. This one lives only as long as its sources.
 */
function anyOf(signals: Iterable<AbortSignal>): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}
