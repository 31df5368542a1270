/** `npm run chaos -- --minutes M --seed N [--rate R] [--only kind,kind]`: breaks a whole Verdict on real services for a while, and proves that nothing was lost and nothing doubled. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastLine, toMarkdown } from './report.ts';
import { run } from './run.ts';

const results = fileURLToPath(new URL('results', import.meta.url));

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    rate: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
  },
});
const [minutes, seed, perSecond] = [Number(values.minutes), Number(values.seed), Number(values.rate)];
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (ending.signal.aborted) process.exit(130); // whoever says it twice does not want to wait
    ending.abort(new Error(`ended by ${signal}`));
  });

if (!(minutes > 0 && minutes <= 600 && Number.isInteger(seed) && perSecond > 0)) {
  console.error('--minutes and --rate take a number above 0, --seed a whole one');
  process.exitCode = 64;
} else {
  const directory = join(results, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-seed-${seed}`);
  console.log(`seed ${seed}, ${minutes} minutes, ${perSecond} transactions a second, into ${directory}`);
  try {
    const kinds = values.only === '' ? [] : values.only.split(',');
    const report = await run({ directory, minutes, seed, perSecond, kinds, signal: ending.signal });
    console.log(toMarkdown(report));
    console.log(lastLine(report));
    process.exitCode = report.violations > 0 ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = ending.signal.aborted ? 130 : 2;
  }
}
