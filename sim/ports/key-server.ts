/** The key store itself, and the way of one process to it: it may be flushed, be away, or carry out a command whose reply gets lost. */
import type { ClaimAnswer, KeyStore } from '../../src/platform/key-store/key-store.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';

type Held = { readonly value: string; readonly until: number };

export class KeyServer {
  readonly #world: World;
  readonly keys = new Map<string, Held>();
  readonly marks = new Map<string, Set<string>>();
  up = true;

  constructor(world: World) {
    this.#world = world;
  }

  flush(): void {
    this.keys.clear();
    this.marks.clear();
  }

  read(key: string): string | undefined {
    const held = this.keys.get(key);
    return held !== undefined && held.until > this.#world.agenda.now ? held.value : undefined;
  }

  write(key: string, value: string, ttlMs: number): void {
    this.keys.set(key, { value, until: this.#world.agenda.now + ttlMs });
  }

  claim(key: string, token: string, ttlMs: number): ClaimAnswer {
    const value = this.read(key);
    if (value !== undefined && value !== token) return { claimed: false, value };
    if (value === undefined) this.write(key, token, ttlMs);
    return { claimed: true };
  }

  marksOf(set: string): Set<string> {
    const marks = this.marks.get(set) ?? new Set<string>();
    this.marks.set(set, marks);
    return marks;
  }
}

const commandLimitMs = 60;

export function simulatedKeyStore(world: World, server: KeyServer, incarnation: Incarnation): KeyStore {
  const command = <T>(serve: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const fail = (ms: number): void => {
        incarnation.after(ms, () => reject(new Failure('key_store_unavailable', 'the key store did not answer')));
      };
      world.agenda.after(world.latencyMs(0.4), () => {
        if (!server.up) return fail(commandLimitMs);
        if (world.struck('key-store-error', incarnation)) return fail(world.latencyMs());
        const result = serve();
        if (world.struck('lost-key-store-reply', incarnation)) return fail(commandLimitMs);
        if (world.struck('crash-after-key-store', incarnation))
          return world.kill(incarnation, 'crash after a command to the key store');
        incarnation.after(world.latencyMs(0.4), () => resolve(result));
      });
    });
  return {
    claim: (claims) => command(() => claims.map(({ key, token, ttlMs }) => server.claim(key, token, ttlMs))),
    put: (entries) => command(() => entries.forEach(({ key, value, ttlMs }) => server.write(key, value, ttlMs))),
    release: (claims) =>
      command(() => {
        for (const { key, token } of claims) if (server.read(key) === token) server.keys.delete(key);
      }),
    seen: (set, ids) => command(() => ids.map((id) => server.marksOf(set).has(id))),
    mark: (set, ids) => command(() => ids.forEach((id) => server.marksOf(set).add(id))),
    ping: () => command(() => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
