/** Waiting, always with an end. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Rejects when the work takes longer; the work itself goes on unheard. */
export async function bounded<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  const over = new AbortController();
  const late = sleep(limitMs, over.signal).then(() => {
    if (!over.signal.aborted) throw new Error(`${what} took longer than ${limitMs} ms`);
    return work;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** False when the condition did not come true in time. An error is a no. */
export async function eventually(
  limitMs: number,
  condition: () => boolean | Promise<boolean>,
  everyMs = 100,
): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (await Promise.resolve(condition()).catch(() => false)) return true;
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
}
