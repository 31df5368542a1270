/**
 * The face of the database for those who think in single transactions: each call is gathered with what others ask at the same moment
 * into one statement (group commit), and resolves only when that statement is durable. A rejection with a retryable Failure leaves open whether it was.
 */
import type { SchedulerLike } from 'rxjs';

import { Batcher } from '../platform/batching/batcher.ts';
import { Failure } from '../platform/failure.ts';
import type { IdempotencyKey, TransactionId } from '../transaction/ids.ts';
import { eachUntilFine } from './each-until-fine.ts';
import type {
  AnswerVersion,
  ClientKey,
  ClientScoped,
  FixedAnswer,
  NewTransaction,
  Statements,
  StoredTransaction,
  TransactionChange,
} from './statements.ts';

export type StoreOptions = {
  readonly statements: Statements;
  readonly batchMax: number;
  readonly paceMs: number;
  readonly waitingMax: number;
  /** The pace keeps this time; the machine's own where it is left out. */
  readonly scheduler?: SchedulerLike;
  readonly onBatch?: (name: string, size: number) => void;
};

export type OpenResult = { readonly opened: true } | { readonly opened: false; readonly existing: StoredTransaction };

export class TransactionStore {
  readonly #opens: Batcher<NewTransaction, OpenResult | Failure>;
  readonly #changes: Batcher<TransactionChange, boolean | Failure>;
  readonly #loads: Batcher<TransactionId, StoredTransaction | undefined>;
  readonly #reads: Batcher<ClientScoped, StoredTransaction | undefined>;
  readonly #keys: Batcher<ClientKey, StoredTransaction | undefined>;
  readonly #answers: Batcher<FixedAnswer, AnswerVersion>;

  constructor(options: StoreOptions) {
    const { statements } = options;
    const batcher = <Question, Answer>(
      name: string,
      paceMs: number,
      work: (batch: readonly Question[]) => Promise<readonly Answer[]>,
    ): Batcher<Question, Answer> =>
      new Batcher({ ...options, name, paceMs, work, onBatch: (size) => options.onBatch?.(name, size) });
    this.#opens = batcher('open', options.paceMs, (batch) => eachUntilFine(batch, (part) => open(statements, part)));
    this.#changes = batcher('change', options.paceMs, (batch) =>
      eachUntilFine(batch, (part) => change(statements, part)),
    );
    // Reads gather only behind one another: somebody waits for the answer, and nothing is made durable.
    this.#loads = batcher('load', 0, (ids) => byId(ids, statements.load(ids)));
    this.#reads = batcher('read', 0, (scoped) => read(statements, scoped));
    this.#keys = batcher('load_by_key', 0, (keys) => loadByKey(statements, keys));
    this.#answers = batcher('fix_answer', options.paceMs, (batch) => fixAnswers(statements, batch));
  }

  /** Stores the transaction as PENDING where its client's key is free; otherwise answers with the transaction that holds the key. */
  async open(
    transaction: NewTransaction['transaction'],
    answerVersion: NewTransaction['answerVersion'],
  ): Promise<OpenResult> {
    return unlessRefused(await this.#opens.ask({ transaction, answerVersion }));
  }

  /** False where the version has moved on: load again. */
  async change(change: TransactionChange): Promise<boolean> {
    return unlessRefused(await this.#changes.ask(change));
  }

  load(id: TransactionId): Promise<StoredTransaction | undefined> {
    return this.#loads.ask(id);
  }

  /** What belongs to another client is not found. */
  read(scoped: ClientScoped): Promise<StoredTransaction | undefined> {
    return this.#reads.ask(scoped);
  }

  loadByKey(key: ClientKey): Promise<StoredTransaction | undefined> {
    return this.#keys.ask(key);
  }

  /** The first answer that is fixed stays; resolves with it. */
  fixAnswer(answer: FixedAnswer): Promise<AnswerVersion> {
    return this.#answers.ask(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [this.#opens, this.#changes, this.#loads, this.#reads, this.#keys, this.#answers];
    await Promise.all(all.map((batcher) => batcher[Symbol.asyncDispose]()));
  }
}

function unlessRefused<Answer>(answer: Answer | Failure): Answer {
  if (answer instanceof Failure) throw answer;
  return answer;
}

/** A row that is there under our own id was inserted by an earlier try whose reply was lost: that is opened, too. */
async function open(statements: Statements, batch: readonly NewTransaction[]): Promise<readonly OpenResult[]> {
  const inserted = await statements.open(batch);
  const refused = batch.filter(({ transaction }) => !inserted.has(transaction.id));
  if (refused.length === 0) return batch.map(() => ({ opened: true }));
  const existing = await loadByKey(
    statements,
    refused.map(({ transaction }) => ({ clientId: transaction.clientId, key: transaction.idempotencyKey })),
  );
  const holders = new Map(refused.map(({ transaction }, index) => [transaction.id, existing[index]]));
  return batch.map(({ transaction: { id } }) => {
    if (!holders.has(id)) return { opened: true };
    const existing = holders.get(id);
    if (existing === undefined) throw new Failure('database_unavailable', 'the holder of an idempotency key vanished');
    return existing.transaction.opened.id === id ? { opened: true } : { opened: false, existing };
  });
}

/** Two changes of one transaction in a batch: the later one goes by a version that the first has moved, so it is answered false and loaded again. */
async function change(statements: Statements, batch: readonly TransactionChange[]): Promise<readonly boolean[]> {
  const first = new Map(batch.toReversed().map((each) => [each.id, each]));
  const changed = await statements.change([...first.values()]);
  return batch.map((each) => first.get(each.id) === each && changed.has(each.id));
}

async function read(
  statements: Statements,
  scoped: readonly ClientScoped[],
): Promise<readonly (StoredTransaction | undefined)[]> {
  const found = new Map<string, StoredTransaction>();
  for (const stored of await statements.read(scoped)) {
    found.set(`${stored.transaction.opened.clientId}/${stored.transaction.opened.id}`, stored);
  }
  return scoped.map(({ clientId, id }) => found.get(`${clientId}/${id}`));
}

async function byId(
  ids: readonly TransactionId[],
  loading: Promise<readonly StoredTransaction[]>,
): Promise<readonly (StoredTransaction | undefined)[]> {
  const found = new Map((await loading).map((stored) => [stored.transaction.opened.id, stored]));
  return ids.map((id) => found.get(id));
}

async function loadByKey(
  statements: Statements,
  keys: readonly ClientKey[],
): Promise<readonly (StoredTransaction | undefined)[]> {
  const found = new Map<string, StoredTransaction>();
  for (const stored of await statements.loadByKey(keys)) {
    const { clientId, idempotencyKey } = stored.transaction.opened;
    found.set(scopedKey(clientId, idempotencyKey), stored);
  }
  return keys.map(({ clientId, key }) => found.get(scopedKey(clientId, key)));
}

function scopedKey(clientId: string, key: IdempotencyKey): string {
  return `${clientId}/${key}`;
}

async function fixAnswers(statements: Statements, batch: readonly FixedAnswer[]): Promise<readonly AnswerVersion[]> {
  const first = new Map(batch.toReversed().map((each) => [each.id, each]));
  const fixed = await statements.fixAnswers([...first.values()]);
  return batch.map(({ id, version }) => fixed.get(id) ?? version);
}
