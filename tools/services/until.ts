/** Waits until a probe has nothing left to complain about; past the limit it fails with the name of the condition and the last complaint. */
export async function until(what: string, limitMs: number, probe: () => unknown): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    const complaint = await probe();
    if (complaint === undefined) return;
    if (performance.now() > end)
      throw new Error(`not within ${limitMs} ms: ${what} (${said(complaint)})`, { cause: complaint });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const pauseMs = 25;

function said(complaint: unknown): string {
  return complaint instanceof Error ? complaint.message : String(complaint);
}
