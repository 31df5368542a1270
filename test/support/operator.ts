/** An operator at a desk: what a test asks for with the least words, and what it hears. */
import type { EventLog, LogRecord } from '../../src/platform/event-log/event-log.ts';
import { parseClientId } from '../../src/transaction/ids.ts';
import type {
  ActionReport,
  ActionRequest,
  DeadLetterDesk,
  LetterPage,
  LetterQuery,
} from '../../src/streams/dead-letters/dead-letter-desk.ts';
import { topics } from './desk.ts';

const clientId = parseClientId('acme');
if (clientId === undefined) throw new Error('acme is a client');
export const operator = { keyId: 'ops-1', clientId };
export const dead = `${topics.transactions}.dead`;
export const allLetters: LetterQuery = { limit: 100 };

export async function list(desk: DeadLetterDesk, query: Partial<LetterQuery> = {}): Promise<LetterPage> {
  const page = await desk.list({ ...allLetters, ...query });
  if (typeof page === 'string') throw new Error(page);
  return page;
}

export async function keys(
  desk: DeadLetterDesk,
  query: Partial<LetterQuery> = {},
): Promise<readonly (string | undefined)[]> {
  return (await list(desk, query)).found.map(({ letter }) => letter.key?.toString());
}

export async function act(desk: DeadLetterDesk, request: Partial<ActionRequest> = {}): Promise<ActionReport> {
  const whole = { name: 're-drive', operator, letters: allLetters, force: false, dryRun: false } as const;
  const report = await desk.act({ ...whole, ...request });
  if (report === undefined || typeof report === 'string') throw new Error(report ?? 'not there');
  return report;
}

export function outcomes({ letters }: ActionReport): readonly string[] {
  return letters.map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome}: ${reason}`));
}

export async function onTopic(log: EventLog, topic: string): Promise<readonly LogRecord[]> {
  const pages = await Promise.all([0, 1].map((partition) => log.read({ topic, partition, from: 0n, limit: 1_000 })));
  return pages.flatMap(({ records }) => records);
}
