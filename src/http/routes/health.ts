/**
 * `GET /health/live`: the process answers. `GET /health/ready`: what it needs answers too; what it can do without is reported as degraded.
 * Probes that come together share one round of checks, so nobody can load the dependencies through this door.
 */
import type { Middleware } from '../context.ts';
import type { Clock } from '../../platform/clock.ts';

export type HealthCheck = {
  /** False for what Verdict works without, only slower. */
  readonly required: boolean;
  /** Rejects when the dependency does not answer. */
  readonly check: () => Promise<void>;
};
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

export type HealthOptions = {
  readonly checks: HealthChecks;
  readonly clock: Clock;
  /** A check that takes longer has failed. */
  readonly checkMaxMs: number;
  readonly closing: AbortSignal;
};

export const live: Middleware = (context) => {
  context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
  context.body = '{"status":"live"}';
};

type Readiness = { readonly status: 'ready' | 'degraded' | 'unready'; readonly checks: Record<string, 'up' | 'down'> };

export function ready(options: HealthOptions): Middleware {
  let running: Promise<Readiness> | undefined;
  return async (context) => {
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    if (options.closing.aborted) {
      context.status = 503;
      context.body = '{"status":"closing"}';
      return;
    }
    running ??= runChecks(options).finally(() => (running = undefined));
    const readiness = await running;
    context.status = readiness.status === 'unready' ? 503 : 200;
    context.body = JSON.stringify(readiness);
  };
}

async function runChecks({ checks, clock, checkMaxMs }: HealthOptions): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, { required, check }]) => ({
      name,
      required,
      up: await answers(check, clock, checkMaxMs),
    })),
  );
  const down = results.filter(({ up }) => !up);
  const status = down.some(({ required }) => required) ? 'unready' : down.length > 0 ? 'degraded' : 'ready';
  return { status, checks: Object.fromEntries(results.map(({ name, up }) => [name, up ? 'up' : 'down'])) };
}

async function answers(check: () => Promise<void>, clock: Clock, limitMs: number): Promise<boolean> {
  const settled = new AbortController();
  const answered = resolves(check);
  const late = clock.sleep(limitMs, settled.signal).then(() => false);
  try {
    return await Promise.race([answered, late]);
  } finally {
    settled.abort();
  }
}

async function resolves(check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
