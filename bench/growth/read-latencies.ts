/** How long reads take when nothing else goes on, a few at a time: transactions from anywhere in the table by id, and pages of lists from their beginning and from deep inside. */
import { formatPageCursor } from '../../src/http/page-cursor.ts';
import { parseTransactionId } from '../../src/transaction/ids.ts';
import { Connections } from '../load/connections.ts';
import { latenciesOf } from '../load/latencies.ts';
import type { Latencies } from '../load/protocol.ts';
import { accountAt } from '../load/requests.ts';

export type ReadLatency = {
  readonly name: string;
  readonly latencies: Latencies;
  /** Answers other than 200, by status. */
  readonly refused: Readonly<Record<string, number>>;
};

const atOnce = 4;
const perKind = 400;
const warmUps = 40;
/** Of a kind that turns out to be slow, fewer are enough. */
const limitMs = 6_000;

/** Ids of transactions that were loaded beforehand, in any order. */
export async function readLatencies(url: string, ids: readonly string[]): Promise<readonly ReadLatency[]> {
  using connections = new Connections([url], atOnce);
  const results: ReadLatency[] = [];
  for (const [name, pathAt] of Object.entries(kinds(ids))) {
    const ask = async (index: number): Promise<number> => {
      const connection = await connections.take();
      const { status } = await connection.ask(
        `GET ${pathAt(index)} HTTP/1.1\r\nHost: ${url.slice('http://'.length)}\r\n\r\n`,
      );
      connections.give(connection);
      return status;
    };
    results.push({ name, ...(await measure(ask)) });
  }
  return results;
}

export function kinds(ids: readonly string[]): Readonly<Record<string, (index: number) => string>> {
  const idAt = (index: number): string => ids[index % ids.length] ?? '';
  return {
    'by id': (index) => `/transactions/${idAt(index)}`,
    'first page': () => '/transactions',
    'deep page': (index) => `/transactions?cursor=${cursorOf(idAt(index))}`,
    'first page of an account': (index) => `/transactions?account=${accountAt(index)}`,
    'first page of rejected': () => '/transactions?status=REJECTED',
    'first page of pending': () => '/transactions?status=PENDING',
  };
}

function cursorOf(id: string): string {
  const parsed = parseTransactionId(id);
  if (parsed === undefined) throw new Error(`${id} is no id`);
  return formatPageCursor(parsed);
}

async function measure(ask: (index: number) => Promise<number>): Promise<Omit<ReadLatency, 'name'>> {
  const samples: number[] = [];
  const refused: Record<string, number> = {};
  const until = performance.now() + limitMs;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < warmUps + perKind && (samples.length === 0 || performance.now() < until)) {
      const index = next;
      next += 1;
      const startedAt = performance.now();
      const status = await ask(index);
      if (index >= warmUps || performance.now() > until) samples.push(performance.now() - startedAt);
      if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { latencies: latenciesOf(samples), refused };
}
