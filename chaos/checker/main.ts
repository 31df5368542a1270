/** `node chaos/checker/main.ts <run>`: checks what a run left behind once more; exit code 1 where a clause is broken. */
import { check } from './check.ts';
import { readRun } from './read-run.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('which run? node chaos/checker/main.ts chaos/results/<run>');
  process.exitCode = 64;
} else {
  const { violations, findings, tookMs } = check(await readRun(directory));
  for (const { clause, what, witness, timeline } of findings)
    console.log([`${clause}: ${what}: ${witness}`, ...timeline.map((line) => `    ${line}`)].join('\n'));
  console.log(`${violations.length} violations, checked in ${tookMs} ms`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
