/**
 * The key store inside the process. It forgets what was written first once it holds `keysMax` keys, or marks of one set, so its size is bounded whatever comes.
 * What has expired stays until it is asked for or pushed out: no timers, and time comes from the clock alone, so a simulator owns it.
 */
import type { Clock } from '../clock.ts';
import type { ClaimAnswer, KeyClaim, KeyEntry, KeyStore } from './key-store.ts';

export type MemoryKeyStoreOptions = {
  readonly clock: Clock;
  /** Milliseconds, to twice that, for which marks are remembered. */
  readonly markTtlMs: number;
  readonly keysMax: number;
};

type Held = { readonly value: string; readonly until: number };
type Marks = { newer: Set<string>; older: Set<string>; since: number };

export function openMemoryKeyStore(options: MemoryKeyStoreOptions): KeyStore {
  return new MemoryKeyStore(options);
}

export class MemoryKeyStore implements KeyStore {
  readonly #options: MemoryKeyStoreOptions;
  readonly #held = new Map<string, Held>();
  readonly #marks = new Map<string, Marks>();

  constructor(options: MemoryKeyStoreOptions) {
    this.#options = options;
  }

  async claim(claims: readonly KeyClaim[]): Promise<readonly ClaimAnswer[]> {
    return claims.map(({ key, token, ttlMs }) => {
      const value = this.#read(key);
      if (value !== undefined && value !== token) return { claimed: false, value };
      if (value === undefined) this.#write(key, token, ttlMs);
      return { claimed: true };
    });
  }

  async put(entries: readonly KeyEntry[]): Promise<void> {
    for (const { key, value, ttlMs } of entries) this.#write(key, value, ttlMs);
  }

  async release(claims: readonly { readonly key: string; readonly token: string }[]): Promise<void> {
    for (const { key, token } of claims) if (this.#read(key) === token) this.#held.delete(key);
  }

  async seen(set: string, ids: readonly string[]): Promise<readonly boolean[]> {
    const { newer, older } = this.#marksOf(set);
    return ids.map((id) => newer.has(id) || older.has(id));
  }

  async mark(set: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#marksOf(set).newer.add(id);
  }

  async ping(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#held.clear();
    this.#marks.clear();
  }

  #read(key: string): string | undefined {
    const held = this.#held.get(key);
    if (held === undefined || held.until > this.#options.clock.elapsed()) return held?.value;
    this.#held.delete(key);
    return undefined;
  }

  #write(key: string, value: string, ttlMs: number): void {
    this.#held.delete(key);
    this.#held.set(key, { value, until: this.#options.clock.elapsed() + ttlMs });
    for (const first of this.#held.keys()) {
      if (this.#held.size <= this.#options.keysMax) return;
      this.#held.delete(first);
    }
  }

  /** Two sets take turns: what is marked now lives until both were exchanged. Each holds half of what is allowed. */
  #marksOf(set: string): Marks {
    const now = this.#options.clock.elapsed();
    const marks = this.#marks.get(set) ?? { newer: new Set(), older: new Set(), since: now };
    this.#marks.set(set, marks);
    const age = now - marks.since;
    if (age < this.#options.markTtlMs && marks.newer.size < this.#options.keysMax / 2) return marks;
    marks.older = age < 2 * this.#options.markTtlMs ? marks.newer : new Set();
    marks.newer = new Set();
    marks.since = now;
    return marks;
  }
}
