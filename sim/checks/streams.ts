/** I5, I9: what a subscriber saw over all its connections is what the journal holds behind its first id, each once, in order; and nothing of anybody else. */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors, parseCursor } from '../../src/persistence/cursor.ts';
import type { Subscriber } from '../clients/subscriber.ts';
import { idIn, statusIn } from '../clients/client-log.ts';
import { journalName } from '../ports/statements.ts';
import type { JournalRow } from '../ports/ledger.ts';
import type { Evidence } from './check.ts';

export function checkStreams(evidence: Evidence): void {
  for (const subscriber of evidence.subscribers) {
    if (subscriber.options.transaction === undefined) checkWhole(evidence, subscriber);
    else checkSingle(evidence, subscriber, subscriber.options.transaction);
  }
}

/** What the subscriber must have seen by now, as far as it knows. */
export function promisedTo(
  subscriber: Subscriber,
  journal: readonly JournalRow[],
  upTo?: JournalCursor,
): readonly JournalRow[] {
  const start = cursorOf(subscriber.startId);
  if (start === undefined) return [];
  const { client, status } = subscriber.options;
  const statuses = status?.split(',');
  return journal.filter(
    ({ cursor, event, transaction }) =>
      compareCursors(cursor, start) > 0 &&
      (upTo === undefined || compareCursors(cursor, upTo) <= 0) &&
      transaction.opened.clientId === client &&
      event.type !== 'DecisionSuperseded' &&
      (statuses === undefined || statuses.includes(transaction.status)),
  );
}

function checkWhole({ world, ledger, atRest }: Evidence, subscriber: Subscriber): void {
  const { name } = subscriber.options;
  const upTo = atRest ? undefined : cursorOf(subscriber.lastId);
  const promised = promisedTo(subscriber, ledger.journal, upTo).map(({ transaction }) =>
    seenAs(transaction.opened.id, transaction.status),
  );
  const seen = subscriber.frames.map(({ data }) => seenAs(idIn(data), statusIn(data)));
  if (promised.join() === seen.join()) return;
  const missing = promised.filter((each) => !seen.includes(each));
  const extra = seen.filter((each) => !promised.includes(each));
  const what = `${name} missed [${missing.join()}], had [${extra.join()}] too much, saw ${seen.length} of ${promised.length}`;
  world.violate('I5', what, (missing[0] ?? extra[0] ?? seen[0])?.split(' ')[0]);
}

function checkSingle({ world, atRest, clients }: Evidence, subscriber: Subscriber, id: string): void {
  const statuses = subscriber.frames.map(({ data }) => statusIn(data));
  const others = subscriber.frames.some(({ data }) => idIn(data) !== id);
  if (others) world.violate('I5', `the stream of one transaction told of another`, id);
  if (clients.accepted.get(id) !== subscriber.options.client) world.violate('I9', 'a stream of another client', id);
  const [first, second, ...more] = statuses;
  const fine = (first === undefined || first === 'PENDING') && second !== 'PENDING' && more.length === 0;
  if (!fine) world.violate('I5', `the stream of one transaction told ${statuses.join()}`, id);
  if (atRest && statuses.length !== 2)
    world.violate('I5', `the stream of one transaction ended at [${statuses.join()}]`, id);
}

export function cursorOf(text: string | undefined): JournalCursor | undefined {
  if (text === undefined) return undefined;
  const cursor = parseCursor(journalName, text);
  return typeof cursor === 'string' ? undefined : cursor;
}

function seenAs(id: string | undefined, status: string | undefined): string {
  return `${id ?? '?'} ${status ?? '?'}`;
}
