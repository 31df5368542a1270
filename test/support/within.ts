/** Waits for a named condition and fails by its name when the limit passes; tests never sleep. */
export async function within<T>(
  limitMs: number,
  what: string,
  condition: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> {
  const end = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false && value !== null) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
