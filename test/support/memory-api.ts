/** An Api that keeps everything in memory and behaves like the whole service: it opens once per key, journals, waits and follows. Decisions come when the test says so. */
import type {
  Api,
  CursorRefusal,
  Interest,
  JournalBatch,
  OpenAnswer,
  OpenRequest,
  ReadAnswer,
  Wait,
} from '../../src/http/api.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors, formatCursor, journalStart, parseCursor } from '../../src/persistence/cursor.ts';
import type { JournalEntry, ListQuery } from '../../src/persistence/statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { apply } from '../../src/transaction/apply.ts';
import type { TransactionCommand } from '../../src/transaction/commands.ts';
import type { Decision } from '../../src/transaction/decision.ts';
import { handle } from '../../src/transaction/handle.ts';
import type { ClientId, TransactionId } from '../../src/transaction/ids.ts';
import { parseTransactionId } from '../../src/transaction/ids.ts';
import type { KnownTransaction, OpenedTransaction, TransactionState } from '../../src/transaction/states.ts';
import { isTerminal, unknownTransaction } from '../../src/transaction/states.ts';

export const journal = 'memoryjourna';

type Answered = { readonly request: OpenRequest; readonly answer: Promise<KnownTransaction>; done: boolean };

export class MemoryApi implements Api {
  readonly #states = new Map<TransactionId, KnownTransaction>();
  readonly #answers = new Map<string, Answered>();
  readonly #journal: JournalEntry[] = [];
  #changed = Promise.withResolvers<void>();
  #fault: { error?: unknown } = {};
  /** The next call of `open` or `read` rejects with this. */
  failWith: unknown;
  /** What lies before is no longer kept whole. */
  prunedUpTo: JournalCursor = journalStart;
  /** Batches taken by followers. */
  batches = 0;

  open = async (request: OpenRequest): Promise<OpenAnswer> => {
    this.#failOnce();
    const key = `${request.clientId} ${request.idempotencyKey}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      const differing = differences(known.request, request);
      if (differing.length > 0) return { type: 'key_reused', differing };
      if (!known.done) return { type: 'in_flight', retryAfterMs: 1500 };
      return { type: 'opened', transaction: await known.answer, replayed: true, waited: false };
    }
    const opened = this.#openedBy(request);
    this.tell(opened.id, { type: 'OpenTransaction', transaction: opened });
    const answered: Answered = { request, answer: this.#settledWithin(opened.id, request.wait), done: false };
    this.#answers.set(key, answered);
    const transaction = await answered.answer;
    answered.done = true;
    return { type: 'opened', transaction, replayed: false, waited: request.wait !== undefined };
  };

  read = async (clientId: ClientId, id: TransactionId, wait?: Wait): Promise<ReadAnswer | undefined> => {
    this.#failOnce();
    if (this.#states.get(id)?.opened.clientId !== clientId) return undefined;
    return { transaction: await this.#settledWithin(id, wait), waited: wait !== undefined };
  };

  list = async (query: ListQuery): Promise<readonly KnownTransaction[]> =>
    [...this.#states.values()]
      .filter(({ opened, status }) => {
        const { clientId, account, createdFrom = 0, createdTo = Number.POSITIVE_INFINITY, before = '~' } = query;
        const sides: readonly string[] = [opened.debitAccountId, opened.creditAccountId];
        const inRange = opened.createdAt >= createdFrom && opened.createdAt < createdTo && opened.id < before;
        const asked = query.status === undefined || query.status === status;
        return opened.clientId === clientId && inRange && asked && (account === undefined || sides.includes(account));
      })
      .toSorted((a, b) => (a.opened.id < b.opened.id ? 1 : -1))
      .slice(0, query.limit);

  history = async (clientId: ClientId, id: TransactionId): Promise<readonly JournalEntry[]> =>
    this.#journal.filter(({ transaction: { opened } }) => opened.id === id && opened.clientId === clientId);

  now = async (): Promise<JournalCursor> => this.#journal.at(-1)?.cursor ?? journalStart;

  resume = async (lastEventId: string): Promise<JournalCursor | CursorRefusal> => {
    const cursor = parseCursor(journal, lastEventId);
    if (typeof cursor === 'string') return cursor;
    if (compareCursors(cursor, await this.now()) > 0) return 'future';
    if (compareCursors(cursor, this.prunedUpTo) < 0) return 'pruned';
    return cursor.xid > 0n && cursor.xid !== cursor.position ? 'unknown' : cursor;
  };

  formatCursor = (cursor: JournalCursor): string => formatCursor(journal, cursor);

  async *follow(from: JournalCursor, signal: AbortSignal, interest?: Interest): AsyncIterable<JournalBatch> {
    const fault = this.#fault;
    let cursor = from;
    let index = this.#journal.findIndex((entry) => compareCursors(entry.cursor, from) > 0);
    if (index === -1) index = this.#journal.length;
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      if (fault.error !== undefined) throw fault.error;
      const page = this.#journal.slice(index, index + 100);
      const changed = this.#changed.promise;
      index += page.length;
      cursor = page.at(-1)?.cursor ?? cursor;
      const entries = interest === undefined ? page : page.filter(interest.passes);
      this.batches += 1;
      if (entries.length > 0) yield { entries, cursor };
      else interest?.passedOver(cursor);
      if (page.length === 0) await Promise.race([changed, aborted]);
    }
  }

  /** Those who follow now meet this; those who come later do not. */
  failFollowers(fault: unknown): void {
    this.#fault.error = fault;
    this.#fault = {};
    this.#wake();
  }

  /** Makes the journal long with entries like its last one. */
  repeatLast(count: number): void {
    const last = this.#journal.at(-1);
    if (last === undefined) throw new Error('the journal is empty');
    for (let index = 0; index < count; index += 1) {
      const position = BigInt(this.#journal.length + 1);
      this.#journal.push({ ...last, cursor: { xid: position, position } });
    }
    this.#wake();
  }

  decide(id: string, outcome: Decision['outcome'], decidedBy: Decision['decidedBy'] = 'RULES'): void {
    const known = parseTransactionId(id);
    if (known === undefined) throw new Error(`not an id: ${id}`);
    const reasons = outcome === 'APPROVED' ? [] : ['AMOUNT_LIMIT_EXCEEDED'];
    const at = systemClock.now();
    const ruleset = decidedBy === 'RULES' ? 'test-1' : null;
    this.tell(known, { type: 'ApplyDecision', decision: { outcome, reasons, ruleset, decidedBy, decidedAt: at }, at });
  }

  tell(id: TransactionId, command: TransactionCommand): void {
    let state: TransactionState = this.#states.get(id) ?? unknownTransaction;
    for (const event of handle(state, command)) {
      state = apply(state, event);
      if (state.status === 'UNKNOWN') throw new Error('an event made a transaction unknown');
      this.#states.set(id, state);
      const position = BigInt(this.#journal.length + 1);
      this.#journal.push({ cursor: { xid: position, position }, event, transaction: state });
    }
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #settledWithin(id: TransactionId, wait: Wait | undefined): Promise<KnownTransaction> {
    const late = new AbortController();
    const limit =
      wait && systemClock.sleep(wait.ms, AbortSignal.any([wait.signal, late.signal])).then(() => late.abort());
    for (;;) {
      const state = this.#states.get(id);
      if (state === undefined) throw new Error(`no transaction ${id}`);
      if (limit === undefined || isTerminal(state) || late.signal.aborted) {
        late.abort();
        return state;
      }
      await Promise.race([this.#changed.promise, limit]);
    }
  }

  #openedBy({ wait: _wait, money, ...request }: OpenRequest): OpenedTransaction {
    const createdAt = systemClock.now();
    const id = parseTransactionId(systemEntropy.uuid(createdAt));
    if (id === undefined) throw new Error('entropy makes no ids');
    return { ...request, ...money, id, createdAt, decideBy: createdAt + 60_000 };
  }

  #failOnce(): void {
    const { failWith } = this;
    this.failWith = undefined;
    if (failWith !== undefined) throw failWith;
  }
}

function differences(a: OpenRequest, b: OpenRequest): string[] {
  const members: readonly (readonly [string, unknown, unknown])[] = [
    ['/accountExternalIdDebit', a.debitAccountId, b.debitAccountId],
    ['/accountExternalIdCredit', a.creditAccountId, b.creditAccountId],
    ['/transferTypeId', a.transferType.id, b.transferType.id],
    ['/value', a.money.amountMinor, b.money.amountMinor],
    ['/currency', a.money.currency, b.money.currency],
  ];
  return members.filter(([, one, other]) => one !== other).map(([pointer]) => pointer);
}
