/**
 * The key store on Redis 7 or newer. A batch is one explicit pipeline; every command may run twice, because the client sends again what a broken connection left unanswered.
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
    const held = await this.#call(claims.length, (pipeline) => {
      for (const { key, token, ttlMs } of claims) pipeline.set(this.#name(key), token, 'PX', ttlMs, 'NX', 'GET');
    });
    return claims.map(({ token }, index) => {
      const value = held[index];
      return typeof value !== 'string' || value === token ? { claimed: true } : { claimed: false, value };
    });
  }

  async put(entries: readonly KeyEntry[]): Promise<void> {
    await this.#call(entries.length, (pipeline) => {
      for (const { key, value, ttlMs } of entries) pipeline.set(this.#name(key), value, 'PX', ttlMs);
    });
  }

  async release(claims: readonly { readonly key: string; readonly token: string }[]): Promise<void> {
    const keys = claims.map(({ key }) => this.#name(key));
    const tokens = claims.map(({ token }) => token);
    await this.#call(claims.length, (pipeline) => pipeline.eval(releaseScript, keys.length, ...keys, ...tokens));
  }

  async seen(set: string, ids: readonly string[]): Promise<readonly boolean[]> {
    const period = this.#period();
    const answers = await this.#call(ids.length, (pipeline) =>
      pipeline.smismember(this.#marks(set, period), ...ids).smismember(this.#marks(set, period - 1), ...ids),
    );
    const [newer, older] = answers.map((answer) => (Array.isArray(answer) ? answer : []));
    return ids.map((_, index) => newer?.[index] === 1 || older?.[index] === 1);
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
