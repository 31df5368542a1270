/** One of a process's metrics, summed over the labels that hold a text. */
const limitMs = 10_000;

export async function readMetricSum(url: string, metric: string, label = ''): Promise<number> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(limitMs) });
  const lines = (await response.text()).split('\n');
  const mine = lines.filter((line) => /^[^{ ]+/.exec(line)?.[0] === metric && line.includes(label));
  return mine.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
