/** The evidence with the ways into it that several clauses need, each made once, so that thirty thousand transactions are checked in seconds. */
import type { ClientRequest, Entry, Evidence, LogRecord, Planted, Row } from './evidence.ts';
import { chaosHeader } from './evidence.ts';

export type Known = Evidence & {
  readonly rowById: ReadonlyMap<string, Row>;
  readonly rowsByKey: ReadonlyMap<string, readonly Row[]>;
  readonly entriesById: ReadonlyMap<string, readonly Entry[]>;
  /** POSTs, in the order of their answers. */
  readonly postsByKey: ReadonlyMap<string, readonly ClientRequest[]>;
  readonly plantedById: ReadonlyMap<string, Planted>;
  /** Transactions that the run talked about though they do not exist. */
  readonly unknownIds: ReadonlySet<string>;
  /** Records that Verdict itself wrote on `transactions` and `decisions`, by their event id. */
  readonly recordsByEvent: ReadonlyMap<string, readonly LogRecord[]>;
  readonly kafkaWipedAtMs: number;
};

export function known(evidence: Evidence): Known {
  const posts = evidence.requests.filter(({ method }) => method === 'POST').toSorted((a, b) => a.endMs - b.endMs);
  const records = evidence.epochs.flatMap((epoch) => epoch.records);
  const own = records.filter(
    (record) => isOwn(record) && (record.topic === 'transactions' || record.topic === 'decisions'),
  );
  return {
    ...evidence,
    rowById: new Map(evidence.rows.map((row) => [row.id, row])),
    rowsByKey: Map.groupBy(evidence.rows, (row) => keyOf(row.client, row.key)),
    entriesById: Map.groupBy(evidence.journal, ({ transactionId }) => transactionId),
    postsByKey: Map.groupBy(posts, ({ client, key = '' }) => keyOf(client, key)),
    plantedById: new Map(evidence.planted.map((each) => [each.chaosId, each])),
    unknownIds: new Set(evidence.planted.flatMap(({ unknownId }) => unknownId ?? [])),
    recordsByEvent: Map.groupBy(own, ({ headers }) => headers['ce_id'] ?? ''),
    kafkaWipedAtMs: Math.max(0, ...evidence.wipes.filter(({ what }) => what === 'kafka').map(({ atMs }) => atMs)),
  };
}

/** A key belongs to its client. */
export function keyOf(client: string, key: string): string {
  return `${client} ${key}`;
}

export function isOwn(record: LogRecord): boolean {
  return record.headers[chaosHeader] === undefined;
}

/** The id in the body of an answer; undefined where it has none. */
export function answeredId({ status, text }: ClientRequest): string | undefined {
  if (status !== 200 && status !== 201) return undefined;
  return /^\{"transactionExternalId":"([0-9a-f-]{36})"/.exec(text)?.[1];
}

export function answeredStatus({ text }: ClientRequest): string | undefined {
  return /"transactionStatus":\{"name":"([A-Z]+)"\}/.exec(text)?.[1];
}
