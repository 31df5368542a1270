/** The prune role: removes terminal transactions past their age, batch by batch beside whatever runs, and ends. Cut off anywhere, it is started again. */
import { hostname } from 'node:os';

import { beginPrune, endPrune } from '../persistence/sql/prune-actions.ts';
import type { PruneStep, Statements } from '../persistence/statements.ts';
import { Failure } from '../platform/failure.ts';
import { journalReaders } from '../streams/journal-readers.ts';
import { pruneSteps } from '../streams/prune-steps.ts';
import type { Ledger } from './adapters.ts';
import { openDatabase } from './adapters.ts';
import { schemaReady } from './schema-ready.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

export async function prune(tools: Tools): Promise<void> {
  const ledger = await openDatabase(tools);
  await using _closing = ledger.database;
  await schemaReady(tools, ledger.database);
  await untilThere(tools, 'the database', () => readersThere(ledger.statements));
  const { olderThanMs, dryRun } = tools.config.prune;
  if (tools.signal.aborted || olderThanMs === null) return;
  const totals = noTotals();
  if (dryRun) return walk(tools, ledger.statements, { olderThanMs, totals });
  await onRecord(tools, ledger, { olderThanMs, totals });
}

/** Before every reader has a place nothing is passed by all of them. */
async function readersThere(statements: Statements): Promise<void> {
  for (const name of journalReaders) {
    if ((await statements.loadCursor(name)) !== undefined) continue;
    throw new Failure(
      'configuration_invalid',
      `nothing can be pruned before a relay has stored its place ${JSON.stringify(name)}, which takes it up to relay.refillMs of publishing`,
    );
  }
}

/** Of what was removed by a batch whose reply was lost, nothing is in it. */
type Totals = { -readonly [Count in keyof Omit<PruneStep, 'next'>]: number } & { complete: boolean };
type Walk = { readonly olderThanMs: number; readonly totals: Totals };

function noTotals(): Totals {
  return { transactions: 0, journalRows: 0, pending: 0, held: 0, complete: false };
}

async function onRecord(tools: Tools, { database, statements }: Ledger, walked: Walk): Promise<void> {
  const action = { host: hostname(), at: tools.clock.now(), olderThanMs: walked.olderThanMs };
  const id = await untilThere(tools, 'the database', () => beginPrune(database, action));
  if (id === undefined) return;
  // Who was asked to end tries once more, for nobody waits any longer.
  const end = async (outcome: 'done' | 'failed'): Promise<void> => {
    const say = (): Promise<void> => endPrune(database, id, { outcome, totals: walked.totals });
    await (tools.signal.aborted ? say() : untilThere(tools, 'the database', say));
  };
  try {
    await walk(tools, statements, walked);
  } catch (error) {
    await end('failed');
    throw error;
  }
  await end('done');
}

/** Batches from one line of progress to the next. */
const sayEvery = 50;

async function walk(tools: Tools, statements: Statements, { olderThanMs, totals }: Walk): Promise<void> {
  const { clock, config, log, signal } = tools;
  const { batchMax, busyPercentMax, dryRun } = config.prune;
  const steps = pruneSteps({
    ...{ clock, signal, olderThanMs, busyPercentMax, dryRun, limit: batchMax, readers: journalReaders },
    prune: (range) => untilThere(tools, 'the database', () => statements.prune(range)),
  });
  let batches = 0;
  for await (const step of steps) {
    for (const name of ['transactions', 'journalRows', 'pending', 'held'] as const) totals[name] += step[name];
    totals.complete = step.next === undefined;
    batches += 1;
    if (batches % sayEvery === 0) log.info({ part: 'prune', dryRun, ...totals }, 'pruning');
  }
  log.info({ part: 'prune', dryRun, batches, ...totals }, dryRun ? 'would be pruned' : 'pruned');
}
