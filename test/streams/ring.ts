/** The whole ring in one process on a clock that stands still: opening, announcing, screening, settling, and the relay, each of which a test can stop and start. */
import { tap } from 'rxjs';
import type { Observable } from 'rxjs';

import { journalStart } from '../../src/persistence/cursor.ts';
import { Failure } from '../../src/platform/failure.ts';
import { MemoryKeyStore } from '../../src/platform/key-store/memory.ts';
import { Announcer } from '../../src/streams/announce.ts';
import type { ConsumingOptions } from '../../src/streams/consuming.ts';
import type { AnnouncedTransaction, DeliveredDecision } from '../../src/streams/event-kinds.ts';
import { expire } from '../../src/streams/expire.ts';
import { pendingWalk } from '../../src/streams/pending-walk.ts';
import { resend } from '../../src/streams/resend.ts';
import { screen } from '../../src/streams/screen.ts';
import type { Judgement } from '../../src/streams/screen.ts';
import { settle } from '../../src/streams/settle.ts';
import type { SettleOutcome } from '../../src/streams/settle.ts';
import { Stragglers } from '../../src/streams/stragglers.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import type { TransactionCommand } from '../../src/transaction/commands.ts';
import { handle } from '../../src/transaction/handle.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { TransactionStatus } from '../../src/transaction/states.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { openedTransaction } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { WipeableLog } from '../support/wipeable-log.ts';

export const topics = topicNames('test.');

export type RingOptions = {
  readonly stragglersMax?: number;
  readonly decideWithinMs?: number;
  /** Settling fails, retryably, while this answers true. */
  readonly databaseAway?: () => boolean;
  readonly judge?: (opened: AnnouncedTransaction) => Judgement;
};

export type RingPart = 'screen' | 'settle' | 'relay';

export class Ring {
  readonly clock = new VirtualClock();
  readonly statements = new MemoryStatements({ clock: this.clock });
  readonly log = new WipeableLog(this.clock);
  readonly keys = new MemoryKeyStore({ clock: this.clock, markTtlMs: 600_000, keysMax: 100_000 });
  /** How many were sent again, pass by pass. */
  readonly resent: number[] = [];
  readonly owed: string[] = [];
  readonly deadLetters: string[] = [];
  stragglers = new Stragglers(0);
  wipes = 0;
  readonly #options: RingOptions;
  readonly #announcer: Announcer;
  readonly #running = new Map<RingPart, { readonly stopping: AbortController; readonly ended: Promise<unknown> }>();
  #opened = 0;

  constructor(options: RingOptions = {}) {
    this.#options = options;
    const batching = { batchMax: 500, paceMs: 10 };
    this.#announcer = new Announcer({
      ...{ log: this.log, topic: topics.transactions, clock: this.clock, batching, queueMax: 1_000, drainMs: 100 },
    });
  }

  static async start(options: RingOptions = {}): Promise<Ring> {
    const ring = new Ring(options);
    const sizes = { partitions: 3, replication: 1, retentionMs: -1, deadLetterRetentionMs: -1 };
    await ring.log.ensureTopics(topicSpecs(topics, sizes));
    for (const part of ['screen', 'settle', 'relay'] as const) ring.run(part);
    return ring;
  }

  async open({ announced = true } = {}): Promise<TransactionId> {
    const now = this.clock.now();
    const times = { createdAt: now, decideBy: now + (this.#options.decideWithinMs ?? 600_000) };
    const transaction = openedTransaction((this.#opened += 1), times);
    await this.statements.open([{ transaction, answerVersion: 1 }]);
    if (announced) this.#announcer.announce(transaction);
    return transaction.id;
  }

  run(part: RingPart): void {
    const stopping = new AbortController();
    const { signal } = stopping;
    const pipelines = {
      screen: () => [this.#screen(signal)],
      settle: () => [this.#settle(signal)],
      relay: () => this.#relay(signal),
    };
    const ended = Promise.all(pipelines[part]().map((pipeline) => pipeline.forEach(() => undefined)));
    this.#running.set(part, { stopping, ended });
  }

  async stop(part: RingPart): Promise<void> {
    const running = this.#running.get(part);
    this.#running.delete(part);
    running?.stopping.abort();
    await this.clock.advance(0);
    await running?.ended;
  }

  async count(status: TransactionStatus): Promise<number> {
    return (await this.statements.countByStatus()).get(status) ?? 0;
  }

  /** Each transaction has become terminal exactly once. */
  async allTerminalOnce(limitMs: number): Promise<void> {
    await this.clock.until(limitMs, 'nothing to be PENDING', async () => (await this.count('PENDING')) === 0);
    const { entries } = await this.statements.readJournal(journalStart, 1_000_000);
    if (entries.length !== 2 * this.#opened) throw new Error(`${this.#opened} opened, ${entries.length} journal rows`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of [...this.#running.keys()]) await this.stop(part);
    await this.#announcer[Symbol.asyncDispose]();
    await this.log[Symbol.asyncDispose]();
  }

  #screen(signal: AbortSignal): Observable<unknown> {
    const judge = this.#options.judge ?? (() => ({ outcome: 'APPROVED', reasons: [], ruleset: 'test-1' }));
    return screen({ ...this.#consuming(signal), judge });
  }

  #settle(signal: AbortSignal): Observable<unknown> {
    const apply = async ({ transactionId, decision }: DeliveredDecision): Promise<SettleOutcome> =>
      this.#change(transactionId, { type: 'ApplyDecision', decision, at: this.clock.now() });
    return settle({ ...this.#consuming(signal), settle: (decisions) => Promise.all(decisions.map(apply)) });
  }

  #consuming(signal: AbortSignal): ConsumingOptions {
    const { clock, log, keys } = this;
    return {
      ...{ clock, log, keys, topics, signal, entropy: half, batching: { batchMax: 500, paceMs: 10 } },
      retry: { firstMs: 50, maxMs: 1_000 },
      hooks: { onDeadLetter: (topic, cause) => this.deadLetters.push(`${topic} ${cause}`) },
    };
  }

  /** A relay that starts anew remembers nothing but its stored cursor. */
  #relay(signal: AbortSignal): readonly Observable<unknown>[] {
    const { clock, statements, log } = this;
    this.stragglers = new Stragglers(this.#options.stragglersMax ?? 10_000);
    const retry = { clock, entropy: half, firstMs: 50, maxMs: 1_000 };
    const shared = {
      clock,
      statements,
      entropy: half,
      everyMs: 500,
      jitterMs: 100,
      retry,
      signal,
      stragglers: this.stragglers,
    };
    const hooks = { onOwed: (group: string) => this.owed.push(group), onWiped: () => (this.wipes += 1) };
    const sent = resend({ ...shared, ...hooks, log, topics, batchMax: 500, rest: { firstMs: 2_000, maxMs: 30_000 } });
    return [
      pendingWalk({ ...shared, olderThanMs: 2_000, pageMax: 1_000, saveEveryMs: 1_000 }),
      sent.pipe(tap((count) => this.resent.push(count))),
      expire({ ...shared, batchMax: 500, expire: (ids) => this.#expire(ids) }),
    ];
  }

  async #expire(ids: readonly TransactionId[]): Promise<readonly TransactionId[]> {
    const command = { type: 'ExpireTransaction', policy: 'REJECTED', at: this.clock.now() } as const;
    for (const id of ids) await this.#change(id, command);
    const pending = await this.statements.stillPending(ids);
    return ids.filter((id) => !pending.has(id));
  }

  async #change(id: TransactionId, command: TransactionCommand): Promise<SettleOutcome> {
    if (this.#options.databaseAway?.() === true) throw new Failure('database_unavailable', 'the database is away');
    const [stored] = await this.statements.load([id]);
    if (stored === undefined) return 'unknown';
    const { transaction } = stored;
    const [event] = handle(transaction, command);
    if (event === undefined || event.type === 'TransactionOpened' || transaction.version === 3) return 'unchanged';
    const changed = await this.statements.change([{ id, expectedVersion: transaction.version, event }]);
    return changed.has(id) ? 'settled' : 'unchanged';
  }
}

const half = { fraction: () => 0.5 };
