/** Runs the roles of one process until its signal aborts: opens what they need, serves, starts their pipelines, and closes everything in reverse. */
import { openAdapters } from './adapters.ts';
import { antiFraud } from './anti-fraud.ts';
import type { RoleName } from './config/role-names.ts';
import { frontDoor } from './front-door.ts';
import { healthChecks } from './health.ts';
import { topicsReady } from './log-topics.ts';
import { migrate } from './migrate.ts';
import { Pipelines } from './pipelines.ts';
import { prune } from './prune.ts';
import { relay } from './relay.ts';
import { schemaReady } from './schema-ready.ts';
import { selfCheck } from './self-check.ts';
import { serve } from './serve.ts';
import { settlement } from './settlement.ts';
import type { Tools } from './tools.ts';
import { openTransactions } from './transactions.ts';
import { watchJournal, watchLog } from './watches.ts';

/** `onReady` is told the URL once all of it works. */
export async function run(tools: Tools, onReady: (url: string) => void): Promise<void> {
  const has = (role: RoleName): boolean => tools.config.roles.some((each) => each === role || each === 'standalone');
  if (tools.config.roles.includes('migrate')) return migrate(tools);
  if (tools.config.roles.includes('prune')) return prune(tools);

  await using closing = new AsyncDisposableStack();
  const withLedger = tools.config.roles.some((role) => role !== 'anti-fraud');
  const { ledger, ...logAndKeys } = await openAdapters(tools, closing, { withLedger });
  const transactions = ledger === undefined ? undefined : openTransactions(tools, ledger, closing);
  const parts = transactions === undefined ? undefined : { ...transactions, ...logAndKeys };
  const door = parts !== undefined && has('front-door') ? frontDoor(tools, parts, closing) : undefined;
  const pipelines = closing.use(new Pipelines(tools));

  const starting = Promise.withResolvers<void>();
  const started = (): Promise<void> => Promise.race([starting.promise, Promise.reject(new Error('still starting'))]);
  const needsLog = tools.config.roles.some((role) => role !== 'front-door');
  watchLog(tools, logAndKeys.eventLog, has);
  if (ledger !== undefined && has('relay')) watchJournal(tools, ledger.database);
  const checks = healthChecks({ ledger, logAndKeys, needsLog, started });
  const server = closing.use(await serve(tools, { door, checks }));

  if (ledger !== undefined) {
    await selfCheck(tools, ledger.database);
    await schemaReady(tools, ledger.database);
  }
  const log = topicsReady(tools, logAndKeys.eventLog);
  if (needsLog) await log;
  else void log.catch(tools.fail);
  if (tools.signal.aborted) return;

  door?.start(pipelines);
  if (has('anti-fraud')) await antiFraud(tools, logAndKeys, pipelines);
  if (parts !== undefined && has('settlement')) settlement(tools, parts, pipelines);
  if (parts !== undefined && has('relay')) relay(tools, parts, pipelines);
  starting.resolve();
  onReady(server.url);
  await aborted(tools.signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
