/** One crash point under load: the process is restarted with the failpoint, meets it, is replaced where it died or hangs, and everything becomes terminal. */
import { post } from '../../tools/run/client.ts';
import { countPending } from '../../test/support/audit.ts';
import type { Deployment, ReplicaName } from '../../test/support/deployment.ts';
import { Load } from '../../test/support/load.ts';
import { within } from '../../test/support/within.ts';
import type { Action, CrashPoint } from './crash-points.ts';

export type Passed = {
  readonly load: Load;
  /** Every key that was sent, whatever was answered. */
  readonly keys: readonly string[];
  /** From the crash (the failpoint, where nothing died) to the last terminal status. */
  readonly convergedMs: number;
  readonly fault: string | undefined;
};

const transactions = 40;
const reachedWithinMs = 30_000;
const hangForMs = 2_000;
const convergedWithinMs = 60_000;

export async function passCrashPoint(
  deployment: Deployment,
  point: CrashPoint & { readonly action: Action },
): Promise<Passed> {
  const { role, place, action, unannounced } = point;
  const name: ReplicaName = `${role}-1`;
  const door = deployment.names('front-door')[0] ?? 'front-door-1';
  if (unannounced === true) await replace(deployment, door, { VERDICT_ANNOUNCE_QUEUE_MAX: '1' });
  await replace(deployment, name, { VERDICT_FAILPOINT: `${place}:${action}` });
  const load = new Load({ urls: deployment.frontDoors, count: transactions, clients: 8, restMs: 20 });
  const waitingKey = crypto.randomUUID();
  const waiting = waitingPost(deployment, waitingKey);
  const startedAt = performance.now();
  let fault: string | undefined;
  try {
    await reached(deployment, name, place);
    await recover(deployment, name, action);
    await load.done;
    await waiting;
    await within(
      convergedWithinMs,
      'everything is terminal',
      async () => (await countPending(deployment.databaseUrl)) === 0,
    );
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const convergedMs = performance.now() - startedAt;
  // What comes next must not meet this failpoint, nor what it was prepared with.
  await replace(deployment, name, {});
  if (unannounced === true) await replace(deployment, door, {});
  return { load, keys: [...load.keys, waitingKey], convergedMs, fault };
}

async function replace(
  deployment: Deployment,
  name: ReplicaName,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await deployment.end(name);
  await deployment.restart(name, env);
}

/** It says so, or it is dead: the last line of a process that kills itself may be lost with it. */
async function reached(deployment: Deployment, name: ReplicaName, place: string): Promise<void> {
  const process = deployment.process(name);
  let dead = false;
  void process.exit.then(() => (dead = true));
  await within(reachedWithinMs, `${place} is reached`, () => dead || process.output().includes('"failpoint":'));
}

/** A process that throws goes on by itself; one that hangs is found by its operator after a while. */
async function recover(deployment: Deployment, name: ReplicaName, action: Action): Promise<void> {
  if (action === 'throw') return;
  if (action === 'hang') await new Promise((resolve) => setTimeout(resolve, hangForMs));
  await deployment.kill(name);
  await deployment.restart(name);
}

/** One that prefers to wait, so that an answer has to be fixed; its answer may fail. */
async function waitingPost(deployment: Deployment, key: string): Promise<void> {
  const url = deployment.frontDoors[0] ?? '';
  await post(url, { key, headers: { prefer: 'wait=1' }, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
}
