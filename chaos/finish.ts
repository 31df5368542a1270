/** The end of a run: everything converges, a calm stretch is counted twice, and what is left behind is written down. */
import type { Arena } from './arena.ts';
import type { Calm } from './checker/evidence.ts';
import { files } from './checker/read-run.ts';
import type { Client } from './load/clients.ts';
import type { Load } from './load/load.ts';
import type { Subscriber } from './load/subscriber.ts';
import { gaugeOf, readMetrics, sumOf } from './metrics.ts';
import type { Recorder } from './recorder.ts';
import { countRows, journalEnd, keepTables } from './tables.ts';
import { eventually } from './wait.ts';
import type { Offsets } from './watch/offsets.ts';
import type { Vitals } from './watch/vitals.ts';

export type FinishOptions = {
  readonly arena: Arena;
  readonly load: Load;
  readonly operator: Client;
  readonly subscribers: readonly Subscriber[];
  readonly vitals: Vitals;
  readonly offsets: Offsets;
  readonly recorder: Recorder;
  readonly limitMs: number;
};

const calmCount = 40;

/** Milliseconds until all is terminal, relayed and drained; Infinity where it is not by then. */
export async function converge({ load, vitals, offsets, limitMs }: FinishOptions): Promise<number> {
  const began = performance.now();
  await load.finish(limitMs);
  const leftMs = Math.max(1_000, limitMs - (performance.now() - began));
  const drained = await eventually(leftMs, async () => {
    const { pulse } = vitals;
    return pulse?.pending === 0 && pulse.untoldMs === 0 && (await offsets.lag()) === 0;
  });
  return drained ? Math.round(performance.now() - began) : Number.POSITIVE_INFINITY;
}

/** Nothing is broken, so that what the processes count must be what SQL counts. */
export async function countCalm(options: FinishOptions): Promise<void> {
  const { arena, load, operator, recorder, vitals } = options;
  const url = arena.services.env.DATABASE_URL;
  const [rows, metrics] = [await countRows(url), await readMetrics(arena.fleet, operator)];
  await load.post(calmCount, 30_000);
  const at = async (): Promise<Calm> => {
    const [rowsNow, now] = [await countRows(url), await readMetrics(arena.fleet, operator)];
    const grown = (events: readonly string[]): number =>
      sumOf(now, 'transactions_total', events) - sumOf(metrics, 'transactions_total', events);
    return {
      opened: { metrics: grown(['TransactionOpened']), rows: rowsNow.opened - rows.opened },
      settled: { metrics: grown(['TransactionApproved', 'TransactionRejected']), rows: rowsNow.settled - rows.settled },
      atRest: Object.fromEntries(gauges.map((name) => [name, gaugeOf(now, name)])),
    };
  };
  let calm = await at();
  await eventually(
    15_000,
    async () => {
      calm = await at();
      return (
        calm.settled.rows === calm.opened.rows &&
        Object.values(calm.atRest).every((value) => value === 0) &&
        vitals.pulse?.pending === 0
      );
    },
    500,
  );
  recorder.write(files.calm, calm);
  for (const [name, text] of await readMetrics(arena.fleet, operator))
    recorder.write(`${files.output}/${name}.metrics`, text);
}

const gauges = ['log_lag_records', 'relay_backlog_records', 'relay_stragglers', 'announce_queue_depth'];

/** The processes end in good order last, so that their exits are evidence too. */
export async function keep({ arena, subscribers, offsets, recorder }: FinishOptions): Promise<void> {
  const url = arena.services.env.DATABASE_URL;
  const end = await journalEnd(url);
  await eventually(20_000, async () =>
    (await Promise.all(subscribers.map((each) => each.reaches(end)))).every(Boolean),
  );
  await Promise.all(subscribers.map((each) => each[Symbol.asyncDispose]()));
  for (const { transcript } of subscribers) recorder.add(files.transcripts, transcript);
  await offsets.lag();
  await offsets[Symbol.asyncDispose]();
  await arena.fleet.endAll();
  await keepTables(url, recorder);
  await arena.epochs.close();
}
