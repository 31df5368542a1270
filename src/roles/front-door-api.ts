/** What the front door's HTTP asks for, answered from actors, store and status feed. */
import type { Api, OpenAnswer, OpenRequest, ReadAnswer, Wait } from '../http/api.ts';
import { awaitTerminal } from '../actors/await-terminal.ts';
import { openOnce } from '../actors/open-once.ts';
import { compareCursors, formatCursor, parseCursor } from '../persistence/cursor.ts';
import type { IdempotencyKeys } from '../persistence/idempotency-keys.ts';
import type { ClientId, TransactionId } from '../transaction/ids.ts';
import { parseTransactionId } from '../transaction/ids.ts';
import type { OpenedTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';
import type { StatusFeed } from '../streams/status-feed.ts';
import type { Tools } from './tools.ts';
import type { Transactions } from './transactions.ts';

export type FrontDoorParts = Transactions & { readonly keys: IdempotencyKeys; readonly feed: StatusFeed };

export function frontDoorApi(tools: Tools, parts: FrontDoorParts): Api {
  const { statements, feed } = parts;
  const journalName = once(() => statements.journalId());
  let journal = '';
  return {
    open: (request) => open(tools, parts, request),
    read: (clientId, id, wait) => read(tools, parts, { clientId, id, wait }),
    list: (query) => statements.list(query),
    history: (clientId, id) => statements.history(clientId, id),
    now: async () => {
      journal = await journalName();
      return feed.now();
    },
    resume: async (lastEventId) => {
      journal = await journalName();
      const cursor = parseCursor(journal, lastEventId);
      if (typeof cursor === 'string') return cursor;
      if (compareCursors(cursor, await feed.now()) > 0) return 'future';
      const standing = await statements.lookUpCursor(cursor);
      return standing === 'known' ? cursor : standing;
    },
    formatCursor: (cursor) => {
      if (journal === '') throw new Error('no cursor was handed out before the name of the journal was known');
      return formatCursor(journal, cursor);
    },
    follow: (from, signal, interest) => feed.follow(from, signal, interest),
  };
}

async function open(tools: Tools, parts: FrontDoorParts, request: OpenRequest): Promise<OpenAnswer> {
  const { clock, config } = tools;
  const opening = (waitMs: number) =>
    openOnce(
      { ...parts, clock, claimTtlMs: config.keyStore.claimTtlMs, retryAfterMs },
      {
        transaction: newTransaction(tools, request),
        waitMs,
        signal: request.wait?.signal ?? tools.signal,
      },
    );
  return request.wait === undefined ? opening(0) : watching(parts, request.wait, clock, opening);
}

type ReadRequest = { readonly clientId: ClientId; readonly id: TransactionId; readonly wait: Wait | undefined };

async function read({ clock }: Tools, parts: FrontDoorParts, request: ReadRequest): Promise<ReadAnswer | undefined> {
  const { clientId, id, wait } = request;
  const stored = await parts.store.read({ clientId, id });
  if (stored === undefined) return undefined;
  if (wait === undefined || isTerminal(stored.transaction)) {
    return { transaction: stored.transaction, waited: wait !== undefined };
  }
  const transaction = await watching(parts, wait, clock, (waitMs) =>
    awaitTerminal({ ...parts, clock }, { id, clientId, waitMs, signal: wait.signal }),
  );
  return transaction === undefined ? undefined : { transaction, waited: true };
}

/** Whoever waits is told by the journal, whichever process settles: the feed must be reading before the state is looked at. The work gets what is left of the wait. */
async function watching<T>(
  { feed }: FrontDoorParts,
  wait: Wait,
  clock: Tools['clock'],
  work: (leftMs: number) => Promise<T>,
): Promise<T> {
  using watch = feed.watch();
  const end = clock.elapsed() + wait.ms;
  const over = new AbortController();
  const late = clock.sleep(wait.ms, AbortSignal.any([wait.signal, over.signal])).then(() => over.abort());
  await watch.ready(over.signal);
  over.abort();
  await late;
  return await work(Math.max(0, Math.floor(end - clock.elapsed())));
}

/** A repeat whose key is in flight finds the answer by then: opening takes some ten milliseconds. */
const retryAfterMs = 1_000;

function newTransaction({ clock, config, entropy }: Tools, request: OpenRequest): OpenedTransaction {
  const createdAt = clock.now();
  const id = parseTransactionId(entropy.uuid(createdAt));
  if (id === undefined) throw new Error('the id that was made is no UUID');
  const { clientId, idempotencyKey, debitAccountId, creditAccountId, transferType, money } = request;
  return {
    ...{ id, clientId, idempotencyKey, debitAccountId, creditAccountId, transferType, createdAt },
    ...{ amountMinor: money.amountMinor, digits: money.digits, currency: money.currency },
    decideBy: createdAt + config.expire.decideWithinMs,
  };
}

/** Asks until it is answered once; a failure is not remembered. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
