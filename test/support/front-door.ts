/** The actors of one process over whatever statements and key store it shares with others, and what it announced. */
import type { OpenAnswer, OpenRequest } from '../../src/actors/open-once.ts';
import { openOnce } from '../../src/actors/open-once.ts';
import type { DirectoryOptions } from '../../src/actors/directory.ts';
import { Directory } from '../../src/actors/directory.ts';
import { IdempotencyKeys } from '../../src/persistence/idempotency-keys.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import { TransactionStore } from '../../src/persistence/transaction-store.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { KeyStore } from '../../src/platform/key-store/key-store.ts';
import { MemoryKeyStore } from '../../src/platform/key-store/memory.ts';
import type { TransactionEventType } from '../../src/transaction/events.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';

export type FrontDoor = {
  readonly store: TransactionStore;
  readonly directory: Directory;
  /** In the order of the commits. */
  readonly committed: { readonly id: TransactionId; readonly event: TransactionEventType }[];
  readonly faults: { readonly error: unknown; readonly directive: string }[];
  readonly keyFailures: unknown[];
  readonly openOnce: (request: OpenRequest) => Promise<OpenAnswer>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type FrontDoorOptions = Partial<DirectoryOptions> & {
  readonly statements: Statements;
  readonly keyStore: KeyStore;
  readonly claimTtlMs?: number;
};

export function memoryKeyStore(): MemoryKeyStore {
  return new MemoryKeyStore({ clock: systemClock, markTtlMs: 60_000, keysMax: 10_000 });
}

const batching = { batchMax: 500, paceMs: 0, waitingMax: 10_000 };

export function frontDoor({ statements, keyStore, claimTtlMs = 60_000, ...options }: FrontDoorOptions): FrontDoor {
  const committed: FrontDoor['committed'] = [];
  const faults: FrontDoor['faults'] = [];
  const keyFailures: FrontDoor['keyFailures'] = [];
  const clock = options.clock ?? systemClock;
  const store = new TransactionStore({ ...batching, statements });
  const directory = new Directory({
    store,
    clock,
    mailboxMax: 100,
    waitersMax: 100,
    directoryMax: 1_000,
    idleMs: 60_000,
    supervision: { triesMax: 3, pauseMs: 1 },
    onCommitted: (event, id) => committed.push({ id, event: event.type }),
    onFault: (error, directive) => faults.push({ error, directive }),
    ...options,
  });
  const onFailure = (failure: unknown): unknown => keyFailures.push(failure);
  const keys = new IdempotencyKeys({ ...batching, keyStore, answeredTtlMs: 60_000, onFailure });
  return {
    store,
    directory,
    committed,
    faults,
    keyFailures,
    openOnce: (request) => openOnce({ store, directory, keys, clock, claimTtlMs, retryAfterMs: 1_000 }, request),
    [Symbol.asyncDispose]: async () => {
      await directory[Symbol.asyncDispose]();
      await keys[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
