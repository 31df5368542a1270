/** The textbook solution: two processes, on a database and topics of their own. */
import { countSql } from './count-sql.ts';
import { startNodeChild } from './node-child.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

export async function startTextbook({ prefix, services }: PeerOptions): Promise<RunningPeer> {
  const { env, freshDatabase, processes } = await services();
  const DATABASE_URL = await freshDatabase(prefix);
  const settings = {
    ...{ DATABASE_URL, KAFKA_BROKERS: env.KAFKA_BROKERS, TEXTBOOK_PREFIX: `${prefix}.` },
    // kafkajs's default is 1, and slower: the better of the two stands for the textbook.
    TEXTBOOK_CONCURRENCY: process.env['TEXTBOOK_CONCURRENCY'] ?? '6',
  };
  await using starting = new AsyncDisposableStack();
  const transactions = starting.use(
    await startNodeChild(new URL('../textbook/transactions.ts', import.meta.url), settings),
  );
  const antiFraud = starting.use(await startNodeChild(new URL('../textbook/anti-fraud.ts', import.meta.url), settings));
  const running = starting.move();
  return {
    target: { url: `http://127.0.0.1:${transactions.port}`, decisions: '/events' },
    processes: [
      { name: 'transactions', pid: transactions.pid },
      { name: 'anti-fraud', pid: antiFraud.pid },
      ...processes.filter(({ name }) => name !== 'redis'),
    ],
    countRows: () => countSql(DATABASE_URL),
    complaints: () => [],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
