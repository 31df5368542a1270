/**
 * The key store on Redis 7 or newer. A batch is one command or one explicit pipeline; every command may run twice, because the client sends again what a broken connection left unanswered.
 * A Redis that is away, frozen or restarted costs the command time-out a few times, then nothing, and is found again by itself.
 */
import { Redis } from 'ioredis';

import type { ChainableCommander } from 'ioredis';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { Breaker } from './breaker.ts';
import type { ClaimAnswer, KeyClaim, KeyEntry, KeyStore } from './key-store.ts';

export type RedisKeyStoreOptions = {
  readonly url: string;
  /** Begin of every key. */
  readonly prefix: string;
  readonly commandTimeoutMs: number;
  /** Milliseconds, to twice that, for which marks are remembered. */
  readonly markTtlMs: number;
  readonly breakerFailuresMax: number;
  readonly breakerPauseMs: number;
  readonly clock: Clock;
  /** Called for each call that Redis failed, not for those that were refused without asking it. */
  readonly onFailure?: (failure: Failure) => void;
};

/** Waits for the connection as long as a command may take, then goes on without it: Redis being away stops nobody from starting. */
export async function openRedisKeyStore(options: RedisKeyStoreOptions): Promise<KeyStore> {
  const redis = connect(options);
  const opened = new AbortController();
  redis.once('ready', () => opened.abort());
  await options.clock.sleep(options.commandTimeoutMs, opened.signal);
  return new RedisKeyStore(redis, options);
}

/** One command for a batch: a command for each key cost the client 10 µs a key in batches of 20, the script 5. Each key's token and time to live follow one another. */
const claimScript =
  'local held = {} for i, key in ipairs(KEYS) do held[i] = redis.call("SET", key, ARGV[2 * i - 1], "PX", ARGV[2 * i], "NX", "GET") end return held';
const putScript = 'for i, key in ipairs(KEYS) do redis.call("SET", key, ARGV[2 * i - 1], "PX", ARGV[2 * i]) end';

/** The ids are sent once for both sets, and looked up a thousand at a time: a script's stack holds some 8,000 values. */
const seenScript = `local seen = {}
for first = 1, #ARGV, 1000 do
  local last = math.min(first + 999, #ARGV)
  local newer = redis.call("SMISMEMBER", KEYS[1], unpack(ARGV, first, last))
  local older = redis.call("SMISMEMBER", KEYS[2], unpack(ARGV, first, last))
  for i = 1, #newer do seen[first + i - 1] = math.max(newer[i], older[i]) end
end
return seen`;

/** Frees the keys that hold the tokens: a plain DEL would free what somebody else has claimed meanwhile. */
const releaseScript =
  'for i, key in ipairs(KEYS) do if redis.call("GET", key) == ARGV[i] then redis.call("DEL", key) end end';

class RedisKeyStore implements KeyStore {
  readonly #redis: Redis;
  readonly #options: RedisKeyStoreOptions;
  readonly #breaker: Breaker;

  constructor(redis: Redis, options: RedisKeyStoreOptions) {
    this.#redis = redis;
    this.#options = options;
    const { breakerFailuresMax: failuresMax, breakerPauseMs: pauseMs, clock } = options;
    this.#breaker = new Breaker({ name: 'Redis', code: 'key_store_unavailable', failuresMax, pauseMs, clock });
  }

  async claim(claims: readonly KeyClaim[]): Promise<readonly ClaimAnswer[]> {
    const [held] = await this.#call(claims.length, (pipeline) =>
      pipeline.eval(
        claimScript,
        claims.length,
        ...claims.map(({ key }) => this.#name(key)),
        ...claims.flatMap(({ token, ttlMs }) => [token, ttlMs]),
      ),
    );
    const values: readonly unknown[] = Array.isArray(held) ? held : [];
    return claims.map(({ token }, index) => {
      const value = values[index];
      return typeof value !== 'string' || value === token ? { claimed: true } : { claimed: false, value };
    });
  }

  async put(entries: readonly KeyEntry[]): Promise<void> {
    await this.#call(entries.length, (pipeline) =>
      pipeline.eval(
        putScript,
        entries.length,
        ...entries.map(({ key }) => this.#name(key)),
        ...entries.flatMap(({ value, ttlMs }) => [value, ttlMs]),
      ),
    );
  }

  async release(claims: readonly { readonly key: string; readonly token: string }[]): Promise<void> {
    const keys = claims.map(({ key }) => this.#name(key));
    const tokens = claims.map(({ token }) => token);
    await this.#call(claims.length, (pipeline) => pipeline.eval(releaseScript, keys.length, ...keys, ...tokens));
  }

  async seen(set: string, ids: readonly string[]): Promise<readonly boolean[]> {
    const period = this.#period();
    const sets = [this.#marks(set, period), this.#marks(set, period - 1)];
    const [answer] = await this.#call(ids.length, (pipeline) =>
      pipeline.eval(seenScript, sets.length, ...sets, ...ids),
    );
    const marked: readonly unknown[] = Array.isArray(answer) ? answer : [];
    return ids.map((_, index) => marked[index] === 1);
  }

  async mark(set: string, ids: readonly string[]): Promise<void> {
    const name = this.#marks(set, this.#period());
    await this.#call(ids.length, (pipeline) => pipeline.sadd(name, ...ids).pexpire(name, 2 * this.#options.markTtlMs));
  }

  async ping(): Promise<void> {
    await this.#call(1, (pipeline) => pipeline.ping());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis.disconnect();
  }

  /** One round trip; nothing to ask costs none. */
  async #call(size: number, fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> {
    if (size === 0) return [];
    return this.#breaker.run(async () => {
      const pipeline = this.#redis.pipeline();
      fill(pipeline);
      const answers = (await pipeline.exec()) ?? [];
      const error = answers.find(([failed]) => failed !== null)?.[0];
      if (error !== undefined && error !== null) throw this.#failed(error);
      return answers.map(([, answer]) => answer);
    });
  }

  /** The client's error is not kept as the cause: it carries the command's arguments, and keys are nobody's business. */
  #failed(error: Error): Failure {
    const failure = new Failure('key_store_unavailable', `Redis: ${error.message}`);
    this.#options.onFailure?.(failure);
    return failure;
  }

  #name(key: string): string {
    return `${this.#options.prefix}${key}`;
  }

  /** Sets take turns by the wall clock: processes whose clocks differ miss marks around a turn, which costs a repeat. */
  #period(): number {
    return Math.floor(this.#options.clock.now() / this.#options.markTtlMs);
  }

  #marks(set: string, period: number): string {
    return this.#name(`seen:${set}:${period}`);
  }
}

function connect({ url, commandTimeoutMs }: RedisKeyStoreOptions): Redis {
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: Math.max(1000, commandTimeoutMs),
    // A connection on which nothing answers any more is given up, or a silent network would be waited for until TCP gives up.
    socketTimeout: 4 * commandTimeoutMs,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  });
  // Every failed call says so to its caller; without a listener the client would print on its own.
  redis.on('error', () => undefined);
  return redis;
}
