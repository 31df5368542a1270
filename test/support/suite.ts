/** A uvu suite that cannot pass by accident: a test that outlives its limit fails, a hook that throws fails the process, and an empty suite fails too. */
import { suite as uvuSuite } from 'uvu';

type Body = () => void | Promise<void>;

export type Suite = {
  (name: string, body: Body, limitMs?: number): void;
  readonly before: (hook: Body) => void;
  readonly after: (hook: Body) => void;
  readonly beforeEach: (hook: Body) => void;
  readonly afterEach: (hook: Body) => void;
  /** Must be the last line of the file. */
  readonly run: () => void;
};

const testLimitMs = 20_000;

export function suite(name: string): Suite {
  const inner = uvuSuite(name);
  let count = 0;
  let passed = 0;
  const add = (title: string, body: Body, limitMs = testLimitMs): void => {
    count += 1;
    inner(title, async () => {
      await limited(`${name}: ${title}`, body, limitMs);
      passed += 1;
    });
  };
  return Object.assign(add, {
    before: (hook: Body) => inner.before(guarded(name, hook)),
    after: (hook: Body) => inner.after(guarded(name, hook)),
    beforeEach: (hook: Body) => inner.before.each(guarded(name, hook)),
    afterEach: (hook: Body) => inner.after.each(guarded(name, hook)),
    run: () => {
      if (count === 0) throw new Error(`suite ${name} has no tests`);
      // uvu stops at a test that throws anything but an Error, leaves out the rest and exits 0.
      process.once('exit', () => {
        if (passed < count) process.exitCode = 1;
      });
      running += 1;
      inner.after(() => endSoon(name));
      inner.run();
    },
  });
}

let running = 0;
const leftoverMs = 3_000;

/** An embedded database that was closed leaves a timer that rearms itself for ever; what keeps a finished file alive is named, and does not. */
function endSoon(name: string): void {
  running -= 1;
  const timer = setTimeout(() => {
    if (running > 0) return;
    console.error(`${name}: ended with ${process.getActiveResourcesInfo().join(', ')} still open`);
    process.exit();
  }, leftoverMs);
  timer.unref();
}

/** uvu swallows what a hook throws and exits 0, so the process is ended here. */
function guarded(name: string, hook: Body): () => Promise<void> {
  return async () => {
    try {
      await limited(`${name}: hook`, hook, 120_000);
    } catch (error) {
      console.error(`hook of ${name} failed`, error);
      process.exit(1);
    }
  };
}

async function limited(title: string, body: Body, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${title} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([body(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
