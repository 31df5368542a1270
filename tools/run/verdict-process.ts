/** A Verdict process of its own, started as a user starts it, for flows, benches and whoever needs to kill one. It ends with the process that started it. */
import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type VerdictProcess = {
  /** `http://127.0.0.1:<port>`; the same again after a restart on the same port. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly role: string;
  /** From the start of the process to its ready line. */
  readonly readyMs: number;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Everything it has written so far. */
  readonly output: () => string;
  /** Sends the signal and waits for the end; SIGTERM where none is named. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly signal: (signal: NodeJS.Signals) => void;
};

export type VerdictOptions = {
  readonly role?: string;
  /** 0 for a free one. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly readyWithinMs?: number;
};

export const mainPath = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What `npm start` and the image give Node: a young generation large enough that what lives for one batch dies in it (garbage collection fell from 25 to 2 % of the relay's time). */
export const heapFlags = ['--max-semi-space-size=64'];

/** Resolves when the process says that it is ready; rejects with what it wrote when it ends before that. */
export async function startVerdict(options: VerdictOptions = {}): Promise<VerdictProcess> {
  const { role = 'standalone', port = 0, env = {}, args = [], readyWithinMs = 30_000 } = options;
  const started = performance.now();
  const child = spawnVerdict(['--role', role, '--port', String(port), ...args], env);
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  const lines: string[] = [];
  const exit = ended(child).finally(() => process.off('exit', killIt));
  const url = await readyUrl(child, { lines, readyWithinMs, exit });
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    role,
    readyMs: performance.now() - started,
    exit,
    output: () => lines.join('\n'),
    signal: (signal) => void child.kill(signal),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return (await exit).code;
    },
  };
}

/** For a role that ends by itself: resolves when it has ended well, rejects with what it wrote when it has not. */
export async function runVerdict({
  role = 'migrate',
  env = {},
  args = [],
}: Omit<VerdictOptions, 'port'>): Promise<void> {
  const child = spawnVerdict(['--role', role, ...args], env);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const { code, signal } = await ended(child);
  if (code !== 0) throw new Error(`${role} ended with ${signal ?? code}\n${output}`);
}

function spawnVerdict(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [...heapFlags, mainPath, ...args], {
    env: { ...inherited(), LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Nothing of Verdict's own configuration leaks in from the shell that runs the tests. */
function inherited(): NodeJS.ProcessEnv {
  const ours = /^(?:VERDICT_|DATABASE_URL$|KAFKA_BROKERS$|REDIS_URL$|HOST$|PORT$|NODE_ENV$|NODE_V8_COVERAGE$)/;
  const coverage = process.env['NODE_V8_COVERAGE'];
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
  };
}

function ended(child: ChildProcess): VerdictProcess['exit'] {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

type Starting = {
  readonly lines: string[];
  readonly readyWithinMs: number;
  readonly exit: VerdictProcess['exit'];
};

const keptLinesMax = 20_000;

function readyUrl(child: ChildProcess, { lines, readyWithinMs, exit }: Starting): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}\n${lines.join('\n')}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`not ready within ${readyWithinMs} ms`);
    }, readyWithinMs);
    const read = (line: string): void => {
      lines.push(line);
      if (lines.length > keptLinesMax) lines.shift();
      const ready = /^Verdict is ready .*?(http:\/\/\S+)/.exec(line);
      if (ready?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(ready[1]);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', read);
    }
    void exit.then(({ code, signal }) => {
      clearTimeout(timer);
      fail(`ended before it was ready, with ${signal ?? code}`);
    });
  });
}
