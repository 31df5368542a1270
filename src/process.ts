/** The process: command line to roles, signals to an orderly end, and an exit code that says how it went (0 ended as asked, 1 failed, 78 configuration). */
import { flushCompileCache } from 'node:module';

import { systemClock } from './platform/clock.ts';
import { systemEntropy } from './platform/entropy.ts';
import { Failure } from './platform/failure.ts';
import { openLogger } from './platform/logger.ts';
import { openMetrics } from './platform/metrics/metrics.ts';
import { loadConfig } from './roles/config/load.ts';
import type { Config } from './roles/config/schema.ts';
import { run } from './roles/run.ts';

const exitConfiguration = 78;

const loaded = loadConfig({ argv: process.argv.slice(2), env: process.env });
switch (loaded.kind) {
  case 'text':
    console.log(loaded.text);
    break;
  case 'problems':
    console.error(['Verdict cannot start:', ...loaded.problems.map((problem) => `  - ${problem}`)].join('\n'));
    process.exitCode = exitConfiguration;
    break;
  case 'config':
    process.exitCode = await runProcess(loaded.config);
    // What a library leaves behind (a timer, a socket) must not keep an ended process alive.
    process.exit();
}

async function runProcess(config: Config): Promise<number> {
  const name = config.roles.join();
  const log = openLogger({ level: config.log.level, role: name });
  const metrics = openMetrics({ role: name });
  const ending = new AbortController();
  let failure: unknown;
  const fail = (error: unknown): void => {
    if (failure === undefined) log.fatal({ err: error }, 'a part failed; the process ends');
    failure ??= error;
    end('failure');
  };
  const end = (why: string): void => {
    if (ending.signal.aborted) return;
    log.info({ why }, 'ending');
    setTimeout(() => {
      log.fatal({ graceMs: config.shutdown.graceMs }, 'did not end in time');
      process.exit(1);
    }, config.shutdown.graceMs + 1_500).unref();
    ending.abort();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  endWithNpm(end);

  try {
    const tools = { config, clock: systemClock, entropy: systemEntropy, log, metrics, signal: ending.signal, fail };
    await run(tools, (url) => {
      console.log(readyLine(name, url));
      // Now, because a process that is killed keeps nothing.
      flushCompileCache();
    });
  } catch (error) {
    return refusal(error, (text) => log.fatal({ err: error }, text));
  }
  return failure === undefined ? 0 : 1;
}

/** npm hands a signal to the shell that it started, and some shells die of it without a word to what they run. */
function endWithNpm(end: (why: string) => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const look = (): void => {
    if (process.ppid !== parent) end('the npm that started this is gone');
  };
  setInterval(look, 500).unref();
}

function readyLine(name: string, url: string): string {
  const api = name === 'standalone' || name.includes('front-door');
  const paths = api ? '/transactions · /events · /openapi.json · /health/ready' : '/health/ready · /metrics';
  return `Verdict is ready (${name}) on ${url}  ·  ${paths}`;
}

/** What the operator has to mend is told in a sentence, without a stack. */
function refusal(error: unknown, log: (text: string) => void): number {
  const mendable = error instanceof Failure && ['configuration_invalid', 'data_directory_in_use'].includes(error.code);
  const occupied = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (mendable || occupied) {
    const hint = occupied ? ': stop what listens there, or choose another port (--port, PORT; 0 for a free one)' : '';
    console.error(`Verdict cannot start: ${error.message}${hint}`);
    return error instanceof Failure && error.code === 'configuration_invalid' ? exitConfiguration : 1;
  }
  log('cannot go on');
  return 1;
}
