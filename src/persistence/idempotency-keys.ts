/**
 * What the key store remembers of idempotency keys: who is working on one, and what was answered. It only spares the database a look:
 * whoever hears `unavailable` goes on without it, and no call here rejects for an outage of the store.
 */
import type { BatchOptions } from '../platform/batching/batch-while-busy.ts';
import { Batcher } from '../platform/batching/batcher.ts';
import { Failure } from '../platform/failure.ts';
import type { ClaimAnswer, KeyClaim, KeyEntry, KeyStore } from '../platform/key-store/key-store.ts';
import type { KnownTransaction } from '../transaction/states.ts';
import type { ClientKey } from './statements.ts';
import { decodeTransaction, encodeTransaction } from './transaction-codec.ts';

export type IdempotencyKeysOptions = BatchOptions & {
  readonly keyStore: KeyStore;
  /** Unanswered calls of each kind; what goes past it is done without the key store. */
  readonly waitingMax: number;
  /** How long an answer is remembered here; the database remembers for as long as it has the transaction. */
  readonly answeredTtlMs: number;
  /** Called for each call that the key store did not carry out. */
  readonly onFailure: (failure: Failure) => void;
};

export type KeyAnswer =
  | { readonly type: 'claimed' }
  /** Somebody works on it, or the store holds something that nobody can read. */
  | { readonly type: 'held' }
  /** The transaction as the first POST was answered with it. */
  | { readonly type: 'answered'; readonly transaction: KnownTransaction }
  | { readonly type: 'unavailable' };

export type Claim = ClientKey & { readonly token: string };

const answeredMark = 'answered ';

export class IdempotencyKeys {
  readonly #options: IdempotencyKeysOptions;
  readonly #claims: Batcher<KeyClaim, ClaimAnswer>;
  readonly #puts: Batcher<KeyEntry, void>;
  readonly #releases: Batcher<{ readonly key: string; readonly token: string }, void>;

  constructor(options: IdempotencyKeysOptions) {
    const { keyStore } = options;
    this.#options = options;
    // Claims stand before the insert, which has a pace of its own, so a short one does: without any, each claim that found Redis idle went alone, at five times the CPU.
    const paceMs = options.paceMs / 4;
    this.#claims = new Batcher({ ...options, paceMs, name: 'key_claim', work: (batch) => keyStore.claim(batch) });
    this.#puts = new Batcher({
      ...options,
      paceFrom: 1,
      name: 'key_put',
      work: (batch) => forAll(batch, keyStore.put(batch)),
    });
    this.#releases = new Batcher({
      ...options,
      name: 'key_release',
      work: (batch) => forAll(batch, keyStore.release(batch)),
    });
  }

  /** The token is fresh for each request, so that a claim made again after a lost reply is still one's own. */
  async claim({ token, ...key }: Claim, ttlMs: number): Promise<KeyAnswer> {
    const answer = await this.#attempt(this.#claims.ask({ key: nameOf(key), token, ttlMs }));
    if (answer === undefined) return { type: 'unavailable' };
    if (answer.claimed) return { type: 'claimed' };
    if (!answer.value.startsWith(answeredMark)) return { type: 'held' };
    const transaction = decodeTransaction(answer.value.slice(answeredMark.length));
    return transaction === undefined ? { type: 'held' } : { type: 'answered', transaction };
  }

  /** To be called only with what the database has recorded as the answer. Nobody needs to wait for it; disposal does. */
  remember(transaction: KnownTransaction): void {
    const { clientId, idempotencyKey } = transaction.opened;
    const key = nameOf({ clientId, key: idempotencyKey });
    const value = `${answeredMark}${encodeTransaction(transaction)}`;
    void this.#attempt(this.#puts.ask({ key, value, ttlMs: this.#options.answeredTtlMs }));
  }

  async release({ token, ...key }: Claim): Promise<void> {
    await this.#attempt(this.#releases.ask({ key: nameOf(key), token }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#claims, this.#puts, this.#releases].map((each) => each[Symbol.asyncDispose]()));
  }

  async #attempt<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#options.onFailure(error);
      return undefined;
    }
  }
}

/** Neither part can hold the separator. */
function nameOf({ clientId, key }: ClientKey): string {
  return `idempotency/${clientId}/${key}`;
}

async function forAll(batch: readonly unknown[], done: Promise<void>): Promise<readonly void[]> {
  await done;
  return batch.map(() => undefined);
}
