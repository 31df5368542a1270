/**
 * Remembers short strings for a while and may forget everything at any moment. Nothing that must be true is kept only here.
 * Every call takes a whole batch and costs one round trip; answers come in the order of the questions.
 * A store that does not answer rejects with `key_store_unavailable` within its command time-out (it never hangs).
 */
export interface KeyStore {
  /** Takes each free key for `ttlMs` with the claimer's token as value; a key that is held answers with what it holds. Repeating a claim with the same token claims again. */
  claim(claims: readonly KeyClaim[]): Promise<readonly ClaimAnswer[]>;
  /** Writes each value over whatever the key holds. */
  put(entries: readonly KeyEntry[]): Promise<void>;
  /** Frees each key that still holds the token. */
  release(claims: readonly { readonly key: string; readonly token: string }[]): Promise<void>;
  /** Whether each id was marked in the set within the last `ttlMs` (of the store's configuration) to twice that. */
  seen(set: string, ids: readonly string[]): Promise<readonly boolean[]>;
  /** Remembers the ids in the set for `ttlMs` to twice that. */
  mark(set: string, ids: readonly string[]): Promise<void>;
  /** Rejects when the store cannot be reached. */
  ping(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type KeyClaim = { readonly key: string; readonly token: string; readonly ttlMs: number };
export type KeyEntry = { readonly key: string; readonly value: string; readonly ttlMs: number };
export type ClaimAnswer = { readonly claimed: true } | { readonly claimed: false; readonly value: string };
