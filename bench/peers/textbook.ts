/** The textbook solution: two processes, on a database and topics of their own. */
import type { PeerOptions, RunningPeer } from './peer.ts';
import { startPrograms } from './programs.ts';

export function startTextbook(options: PeerOptions): Promise<RunningPeer> {
  return startPrograms(
    {
      programs: {
        transactions: new URL('../textbook/transactions.ts', import.meta.url),
        'anti-fraud': new URL('../textbook/anti-fraud.ts', import.meta.url),
      },
      env: (prefix, { KAFKA_BROKERS }) => ({
        ...{ KAFKA_BROKERS, TEXTBOOK_PREFIX: `${prefix}.` },
        // kafkajs's default is 1, and slower: the better of the two stands for the textbook.
        TEXTBOOK_CONCURRENCY: process.env['TEXTBOOK_CONCURRENCY'] ?? '6',
      }),
      uses: ['kafka', 'postgres'],
    },
    options,
  );
}
