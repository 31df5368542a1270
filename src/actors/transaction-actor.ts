/**
 * The one writer of one transaction in this process: works off its messages in order, replies only after the commit, and forgets what it knew
 * when a commit fails. Writers in other processes are kept out by the version in the database, not by the actor.
 */
import type { TransactionChange } from '../persistence/statements.ts';
import type { TransactionStore } from '../persistence/transaction-store.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { apply } from '../transaction/apply.ts';
import type { TransactionCommand } from '../transaction/commands.ts';
import type { TransactionEvent } from '../transaction/events.ts';
import { firstDecision, handle } from '../transaction/handle.ts';
import type { ClientId, TransactionId } from '../transaction/ids.ts';
import type { KnownTransaction, TerminalTransaction, TransactionState } from '../transaction/states.ts';
import { isTerminal, unknownTransaction } from '../transaction/states.ts';
import { Mailbox } from './mailbox.ts';
import type { MessageType, ReplyOf, SettleReply, TransactionMessage } from './messages.ts';
import type { Directive, SupervisionOptions } from './supervision.ts';
import { supervise } from './supervision.ts';
import { Waiters } from './waiters.ts';

/** What all actors of a directory share. */
export type ActorSurroundings = {
  readonly store: Pick<TransactionStore, 'open' | 'change' | 'load' | 'read'>;
  readonly clock: Clock;
  readonly mailboxMax: number;
  readonly waitersMax: number;
  readonly supervision: SupervisionOptions;
  /** Called once for each event that this process committed, after the commit and never before. Must not throw. */
  readonly onCommitted: (event: TransactionEvent, id: TransactionId) => void;
  readonly onFault: (error: unknown, directive: Directive['type']) => void;
};

type Handlers = {
  readonly [Type in MessageType]: (
    actor: TransactionActor,
    message: TransactionMessage<Type>,
  ) => Promise<ReplyOf<Type>>;
};

export class TransactionActor {
  readonly #id: TransactionId;
  readonly #surroundings: ActorSurroundings;
  readonly #mailbox: Mailbox;
  readonly #waiters: Waiters<TerminalTransaction>;
  #state: KnownTransaction | undefined;
  #stopped = false;

  static readonly #handlers: Handlers = {
    Open: (actor, message) => actor.#post(() => actor.#open(message)),
    ApplyDecision: (actor, message) => actor.#post(() => actor.#applyDecision(message)),
    Expire: (actor, { policy, at }) => actor.#post(() => actor.#change({ type: 'ExpireTransaction', policy, at })),
    Read: (actor) => actor.#post(() => actor.#load()),
    AwaitTerminal: (actor, message) => actor.#awaitTerminal(message.clientId, message.signal),
    Observe: (actor, message) => actor.#observe(message.transaction),
  };

  constructor(id: TransactionId, surroundings: ActorSurroundings) {
    this.#id = id;
    this.#surroundings = surroundings;
    this.#mailbox = new Mailbox(surroundings.mailboxMax);
    this.#waiters = new Waiters(surroundings.waitersMax);
  }

  ask<Type extends MessageType>(message: TransactionMessage<Type>): Promise<ReplyOf<Type>> {
    const handler: Handlers[Type] = TransactionActor.#handlers[message.type];
    return handler(this, message);
  }

  /** Nothing is posted and nobody waits: it may leave memory. */
  get idle(): boolean {
    return this.#mailbox.size === 0 && this.#waiters.size === 0;
  }

  /** A bug showed in it: it must not be asked again. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends all waits as if their signals had. */
  dismissWaiters(): void {
    this.#waiters.dismiss();
  }

  #post<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    return this.#mailbox.post(async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await work();
        } catch (error) {
          await this.#afterFailure(error, tries);
        }
      }
    });
  }

  /** Returns where the message is to be handled again; throws where it is not. */
  async #afterFailure(error: unknown, tries: number): Promise<void> {
    const { clock, supervision, onFault } = this.#surroundings;
    const directive = supervise(error, tries, supervision);
    this.#state = undefined;
    onFault(error, directive.type);
    switch (directive.type) {
      case 'retry':
        if (directive.pauseMs > 0) await clock.sleep(directive.pauseMs);
        return;
      case 'stop':
        this.#stopped = true;
        this.#mailbox.close(error);
        this.#waiters.dismiss();
        throw error;
      case 'reset':
        throw error;
    }
  }

  async #open({ transaction, answerVersion }: TransactionMessage<'Open'>): Promise<ReplyOf<'Open'>> {
    const [event] = handle(this.#state ?? unknownTransaction, { type: 'OpenTransaction', transaction });
    if (event === undefined) return { opened: true };
    const result = await this.#surroundings.store.open(transaction, answerVersion);
    if (result.opened) this.#committed(unknownTransaction, event);
    return result;
  }

  /**
   * Nearly every decision meets a transaction that is PENDING: written on that guess it needs no load, and the version in the statement holds the guess.
   * Who waits here is to be told the whole transaction, so then it is loaded.
   */
  async #applyDecision(message: TransactionMessage<'ApplyDecision'>): Promise<SettleReply> {
    if (this.#state !== undefined || this.#waiters.size > 0) return this.#change(message);
    const event = firstDecision(message.decision, message.at);
    if (!(await this.#surroundings.store.change({ id: this.#id, expectedVersion: 1, event })))
      return this.#change(message);
    this.#surroundings.onCommitted(event, this.#id);
    return { type: 'settled' };
  }

  async #change(command: Exclude<TransactionCommand, { type: 'OpenTransaction' }>): Promise<SettleReply> {
    const before = await this.#load();
    if (before === undefined) return { type: 'unknown' };
    const [event] = handle(before, command);
    if (event === undefined) return { type: 'unchanged', transaction: before };
    if (!(await this.#surroundings.store.change(changeOf(this.#id, before, event)))) {
      throw new Failure('version_conflict', `${this.#id} has moved on from version ${before.version}`);
    }
    this.#committed(before, event);
    return { type: 'settled' };
  }

  async #load(): Promise<KnownTransaction | undefined> {
    if (this.#state !== undefined) return this.#state;
    const stored = await this.#surroundings.store.load(this.#id);
    return stored === undefined ? undefined : this.#learn(stored.transaction);
  }

  /** Reads from the database at both ends, so that nobody is told PENDING who could have been told terminal before. */
  async #awaitTerminal(clientId: ClientId, signal: AbortSignal): Promise<KnownTransaction | undefined> {
    const scoped = { clientId, id: this.#id };
    const waiter = this.#waiters.enter(signal);
    try {
      const first = (await this.#surroundings.store.read(scoped))?.transaction;
      if (first === undefined || isTerminal(first)) return first;
      return (await waiter.outcome) ?? (await this.#surroundings.store.read(scoped))?.transaction;
    } finally {
      waiter.leave();
    }
  }

  async #observe(transaction: TerminalTransaction): Promise<undefined> {
    this.#learn(transaction);
  }

  #committed(before: TransactionState, event: TransactionEvent): void {
    const after = apply(before, event);
    if (after.status === 'UNKNOWN') throw new Error(`${event.type} left ${this.#id} unknown`);
    this.#surroundings.onCommitted(event, this.#id);
    this.#learn(after);
  }

  /** What was read before may arrive after what is newer. */
  #learn(transaction: KnownTransaction): KnownTransaction {
    if (this.#state === undefined || this.#state.version < transaction.version) this.#state = transaction;
    if (isTerminal(this.#state)) this.#waiters.wake(this.#state);
    return this.#state;
  }
}

function changeOf(id: TransactionId, { version }: KnownTransaction, event: TransactionEvent): TransactionChange {
  if (event.type === 'TransactionOpened' || version === 3) {
    throw new Error(`${event.type} cannot change ${id} at version ${version}`);
  }
  return { id, expectedVersion: version, event };
}
