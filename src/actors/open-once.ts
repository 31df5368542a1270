/**
 * Opens a transaction at most once per client and idempotency key, and answers every repeat with what was answered first. The truth is the unique key
 * and the answer version in the database: the first answer to be fixed there stays, and whoever else was about to answer renders that one. The claim in the
 * key store only keeps repeats from working at the same time; with it lost, doubled or out of date the answers are the same.
 */
import type { Claim, IdempotencyKeys } from '../persistence/idempotency-keys.ts';
import type { AnswerVersion, StoredTransaction } from '../persistence/statements.ts';
import type { TransactionStore } from '../persistence/transaction-store.ts';
import { Failure } from '../platform/failure.ts';
import type { KnownTransaction, OpenedTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';
import { asAnswered, differingMembers } from './answer.ts';
import type { AwaitParts } from './await-terminal.ts';
import { awaitTerminal } from './await-terminal.ts';

export type OpenOnceParts = AwaitParts & {
  readonly store: Pick<TransactionStore, 'loadByKey' | 'fixAnswer' | 'read'>;
  readonly keys: Pick<IdempotencyKeys, 'claim' | 'remember' | 'release'>;
  /** How long a claim outlives the wait of its request: longer than opening takes, short enough to wait out when its owner died. */
  readonly claimTtlMs: number;
  /** After which a repeat that found its key in flight may ask again. */
  readonly retryAfterMs: number;
};

export type OpenRequest = {
  /** With an id that no other request has: it is the token of the claim, too. */
  readonly transaction: OpenedTransaction;
  /** How long the caller prefers to wait for the terminal status; 0 for not at all. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
};

export type OpenAnswer =
  | {
      readonly type: 'opened';
      /** As the first answer showed it, or is the first to show it: PENDING at version 1 or terminal at version 2. */
      readonly transaction: KnownTransaction;
      /** Another request opened it. */
      readonly replayed: boolean;
      /** The preference to wait was honoured. */
      readonly waited: boolean;
    }
  | { readonly type: 'in_flight'; readonly retryAfterMs: number }
  /** The members in which the request differs from the one that holds the key, as JSON Pointers. */
  | { readonly type: 'key_reused'; readonly differing: readonly string[] };

export async function openOnce(parts: OpenOnceParts, request: OpenRequest): Promise<OpenAnswer> {
  const { clientId, idempotencyKey: key, id: token } = request.transaction;
  const claim = { clientId, key, token };
  const held = await parts.keys.claim(claim, request.waitMs + parts.claimTtlMs);
  switch (held.type) {
    case 'answered':
      return reused(request, held.transaction) ?? replay(held.transaction);
    case 'held':
      return besideTheClaim(parts, request);
    case 'claimed':
    case 'unavailable':
      return withTheClaim(parts, request, claim);
  }
}

/** Whoever holds the claim, or cannot know whether anybody does, may answer. */
async function withTheClaim(parts: OpenOnceParts, request: OpenRequest, claim: Claim): Promise<OpenAnswer> {
  try {
    const answer = await open(parts, request);
    if (answer.type === 'opened') parts.keys.remember(answer.transaction);
    else await parts.keys.release(claim);
    return answer;
  } catch (error) {
    // The reply to a claim may be lost and the claim be held all the same; a failure must not leave the key in flight.
    await parts.keys.release(claim);
    throw error;
  }
}

async function open(parts: OpenOnceParts, request: OpenRequest): Promise<OpenAnswer> {
  const { transaction, waitMs } = request;
  const answerVersion = waitMs > 0 ? null : 1;
  const result = await parts.directory.ask(transaction.id, { type: 'Open', transaction, answerVersion });
  if (!result.opened) return reused(request, result.existing.transaction) ?? takeOver(parts, request, result.existing);
  const pending: KnownTransaction = { status: 'PENDING', version: 1, opened: transaction };
  return answerVersion === null
    ? { ...(await firstAnswer(parts, request, pending)), replayed: false }
    : { type: 'opened', transaction: pending, replayed: false, waited: false };
}

/** Somebody else has the claim: answers only what is fixed already. */
async function besideTheClaim(parts: OpenOnceParts, request: OpenRequest): Promise<OpenAnswer> {
  const { clientId, idempotencyKey: key } = request.transaction;
  const stored = await parts.store.loadByKey({ clientId, key });
  if (stored === undefined) return { type: 'in_flight', retryAfterMs: parts.retryAfterMs };
  const refusal = reused(request, stored.transaction);
  if (refusal !== undefined) return refusal;
  if (stored.answerVersion === null) return { type: 'in_flight', retryAfterMs: parts.retryAfterMs };
  return replay(await rendered(parts, stored.transaction, stored.answerVersion));
}

/** The one that opened it has answered, or is waiting with its claim lost, or is dead; in each case what gets fixed first holds for all. */
async function takeOver(parts: OpenOnceParts, request: OpenRequest, existing: StoredTransaction): Promise<OpenAnswer> {
  return existing.answerVersion === null
    ? { ...(await firstAnswer(parts, request, existing.transaction)), replayed: true }
    : replay(await rendered(parts, existing.transaction, existing.answerVersion));
}

async function firstAnswer(
  parts: OpenOnceParts,
  request: OpenRequest,
  known: KnownTransaction,
): Promise<Omit<Extract<OpenAnswer, { type: 'opened' }>, 'replayed'>> {
  const { seen, waited } = await waitFor(parts, request, known);
  const wanted = isTerminal(seen) ? 2 : 1;
  const version = await parts.store.fixAnswer({ id: seen.opened.id, version: wanted });
  const transaction = await rendered(parts, seen, version);
  return { type: 'opened', transaction, waited: waited && version === wanted };
}

/** The transaction exists by now, so that a wait that cannot be had is no reason to fail: the answer is what is known. */
async function waitFor(
  parts: OpenOnceParts,
  { waitMs, signal }: OpenRequest,
  known: KnownTransaction,
): Promise<{ readonly seen: KnownTransaction; readonly waited: boolean }> {
  if (waitMs === 0 || isTerminal(known)) return { seen: known, waited: waitMs > 0 };
  const { id, clientId } = known.opened;
  try {
    const seen = await awaitTerminal(parts, { id, clientId, waitMs, signal });
    if (seen === undefined) throw new Error(`transaction ${id} vanished`);
    return { seen, waited: true };
  } catch (error) {
    if (error instanceof Failure) return { seen: known, waited: false };
    throw error;
  }
}

/** Reads again where what is at hand is older than the answer. */
async function rendered(
  { store }: OpenOnceParts,
  transaction: KnownTransaction,
  version: AnswerVersion,
): Promise<KnownTransaction> {
  const answered = asAnswered(transaction, version);
  if (answered !== undefined) return answered;
  const { id, clientId } = transaction.opened;
  const stored = await store.read({ clientId, id });
  const again = stored === undefined ? undefined : asAnswered(stored.transaction, version);
  if (again === undefined) throw new Error(`transaction ${id} was answered at version ${version} and is not there`);
  return again;
}

function replay(transaction: KnownTransaction): OpenAnswer {
  return { type: 'opened', transaction, replayed: true, waited: false };
}

function reused(request: OpenRequest, holder: KnownTransaction): OpenAnswer | undefined {
  const differing = differingMembers(request.transaction, holder.opened);
  return differing.length === 0 ? undefined : { type: 'key_reused', differing };
}
