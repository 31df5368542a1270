/**
 * `npm test [-- path …] [--no-live] [--coverage]`: runs every test file as a process of its own, the live tier on services that it starts once.
 * The last line is `N passed, N failed`; a file that did not run is said by name, and with CI=true it is a failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServices } from '../services/start-services.ts';
import { coverageIsEnough } from './coverage.ts';
import { runFile } from './run-file.ts';
import { addUp } from './tally.ts';
import { findTestFiles } from './test-files.ts';
import type { FileResult } from './run-file.ts';
import type { Tally } from './tally.ts';

const embeddedLimitMs = 120_000;
const liveLimitMs = 300_000;
const atATime = 2;
const oneFailure: Tally = { passed: 0, failed: 1, skipped: 0 };

type Options = { readonly filters: readonly string[]; readonly live: boolean; readonly coverage: boolean };

const abort = new AbortController();

async function run({ filters, live: withLive, coverage }: Options): Promise<Tally> {
  const { embedded, live } = await findTestFiles(filters, withLive);
  const directory = coverage ? await mkdtemp(join(tmpdir(), 'verdict-coverage-')) : undefined;
  const env = testEnvironment(directory);
  try {
    const tallies: Tally[] = [...(await runAll(embedded, env))];
    if (live.length > 0) tallies.push(...(await runLive(live, env)));
    if (directory !== undefined && !(await coverageIsEnough(directory))) tallies.push(oneFailure);
    return addUp(tallies);
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

/** A few at a time, each the next one that nobody has taken. */
async function runAll(files: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly FileResult[]> {
  const queue = files.values();
  const results: FileResult[] = [];
  const work = async (): Promise<void> => {
    for (const file of queue) {
      if (abort.signal.aborted) return;
      results.push(tell(await runFile({ file, env, limitMs: embeddedLimitMs, abort: abort.signal })));
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return results;
}

/** One at a time: they share the services, and what they measure of them. */
async function runLive(files: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly Tally[]> {
  const services = await startServices().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    for (const file of files) console.log(`did not run: ${file} (${reason})`);
  });
  if (services === undefined) return process.env['CI'] === 'true' ? files.map(() => oneFailure) : [];
  await using _ = services;
  const liveEnv = { ...env, VERDICT_TEST_SERVICES: JSON.stringify(services.env) };
  const results: FileResult[] = [];
  for (const file of files) {
    if (abort.signal.aborted) break;
    results.push(tell(await runFile({ file, env: liveEnv, limitMs: liveLimitMs, abort: abort.signal })));
  }
  return results;
}

function tell(result: FileResult): FileResult {
  const { file, passed, failed, skipped, why, seconds, output } = result;
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
    why,
  ].filter(Boolean);
  console.log(`${failed > 0 ? '✘' : '•'} ${file}: ${counts.join(', ')} (${seconds.toFixed(1)} s)`);
  if (failed > 0) console.log(output.trimEnd());
  return result;
}

/** Services of the person who runs the tests stay out of them. */
function testEnvironment(coverage: string | undefined): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of ['FORCE_COLOR', 'DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL', 'VERDICT_TEST_SERVICES'])
    delete env[name];
  return coverage === undefined ? env : { ...env, NODE_V8_COVERAGE: coverage };
}

function options(): Options {
  const flags = { live: { type: 'boolean', default: true }, coverage: { type: 'boolean', default: false } } as const;
  const { positionals, values } = parseArgs({ options: flags, allowPositionals: true, allowNegative: true });
  return { ...values, filters: positionals };
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());

try {
  const { passed, failed, skipped } = await run(options());
  const whole = !abort.signal.aborted && passed + failed > 0;
  if (!whole) console.log(abort.signal.aborted ? 'interrupted' : 'no test ran');
  if (skipped > 0) console.log(`${skipped} skipped`);
  process.exitCode = whole && failed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
