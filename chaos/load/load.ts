/**
 * Clients that post at a steady rate: a tenth of it repeats of keys, some at the same time, a hundredth with another body under a used key. Whoever gets no
 * answer, or one that says "again", tries again with the same key at the other front door until it has its 201. What they read, they read at any front door.
 */
import { files } from '../checker/read-run.ts';
import { answeredId } from '../checker/known.ts';
import type { ClientRequest } from '../checker/evidence.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import { sleep } from '../wait.ts';
import { call } from './call.ts';
import type { Client } from './clients.ts';

export type LoadOptions = {
  readonly doors: readonly [string, string];
  readonly clients: readonly [Client, Client, ...Client[]];
  readonly accounts: readonly string[];
  readonly perSecond: number;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly onAnswer: (request: ClientRequest) => void;
};

type Order = { readonly client: Client; readonly key: string; readonly body: string };

/** Answers to which the same request may be sent again. */
const again: ReadonlySet<number> = new Set([408, 409, 429]);

const unansweredMax = 400;
const rememberedMax = 5_000;

export class Load {
  readonly #options: LoadOptions;
  readonly #orders: Order[] = [];
  readonly #accepted: { readonly client: Client; readonly id: string }[] = [];
  readonly #unanswered = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #givingUp = new AbortController();
  #ticking: Promise<void> | undefined;
  #acceptedCount = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Transactions with their first 201. */
  get accepted(): number {
    return this.#acceptedCount;
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  start(): void {
    this.#ticking = this.#tick();
  }

  /** No more new ones; resolves when each has its answer, or gives up after the limit. */
  async finish(limitMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#ticking;
    const giveUp = sleep(limitMs, this.#givingUp.signal).then(() => this.#givingUp.abort());
    while (this.#unanswered.size > 0) await Promise.all(this.#unanswered);
    this.#givingUp.abort();
    await giveUp;
  }

  /** Some more, when all is calm. */
  async post(count: number, limitMs: number): Promise<void> {
    this.#givingUp = new AbortController();
    const orders = Array.from({ length: count }, () => this.#newOrder());
    const answered = Promise.all(orders.map((order) => this.#untilAnswered(order)));
    await Promise.race([answered, sleep(limitMs, this.#givingUp.signal)]);
    this.#givingUp.abort();
    await answered;
  }

  async #tick(): Promise<void> {
    const { perSecond } = this.#options;
    const began = performance.now();
    for (let turn = 0; !this.#stopping.signal.aborted; turn += 1) {
      const due = began + (turn * 1_000) / perSecond;
      if (due > performance.now()) await sleep(due - performance.now(), this.#stopping.signal);
      if (this.#stopping.signal.aborted || this.#unanswered.size >= unansweredMax) continue;
      this.#order();
    }
  }

  #order(): void {
    const { random } = this.#options;
    const [earlier, later] = [this.#orders.slice(-20), this.#orders];
    const kind = random.fraction();
    if (kind < 0.1 && later.length > 0)
      return this.#begin(this.#untilAnswered(random.pick(random.chance(0.5) ? earlier : later)));
    if (kind < 0.11 && later.length > 0) {
      const { client, key } = random.pick(later);
      return this.#begin(this.#untilAnswered({ client, key, body: this.#body() }));
    }
    if (kind < 0.12 && later.length > 0) {
      const used = random.pick(later);
      const client = random.pick(this.#options.clients.filter((each) => each !== used.client));
      return this.#place({ client, key: used.key, body: this.#body() });
    }
    this.#place(this.#newOrder());
  }

  #place(order: Order): void {
    const { random } = this.#options;
    this.#orders.push(order);
    if (this.#orders.length > rememberedMax) this.#orders.shift();
    this.#begin(this.#untilAnswered(order));
    if (random.chance(0.02)) this.#begin(this.#untilAnswered(order));
    if (random.chance(0.3) && this.#accepted.length > 0) this.#begin(this.#readSomething());
  }

  #begin(work: Promise<void>): void {
    this.#unanswered.add(work);
    void work.finally(() => this.#unanswered.delete(work));
  }

  async #untilAnswered({ client, key, body }: Order): Promise<void> {
    const { random, doors, recorder, onAnswer } = this.#options;
    const waits = random.chance(0.1);
    let turn = random.chance(0.5) ? 1 : 0;
    for (let pauseMs = 50; !this.#givingUp.signal.aborted; pauseMs = Math.min(1_000, pauseMs * 2)) {
      const door = doors[turn++ % 2] ?? doors[0];
      const headers = waits ? { prefer: 'wait=2' } : {};
      const request = await call({ client, door, method: 'POST', path: '/transactions', key, body, headers });
      recorder.add(files.requests, request);
      if (!waits) onAnswer(request);
      const id = answeredId(request);
      if (id !== undefined) return this.#remember(client, id, request);
      if (request.status >= 400 && request.status < 500 && !again.has(request.status)) return;
      await sleep(random.between(pauseMs / 2, pauseMs), this.#givingUp.signal);
    }
  }

  #remember(client: Client, id: string, { replayed }: ClientRequest): void {
    if (replayed !== true) this.#acceptedCount += 1;
    this.#accepted.push({ client, id });
    if (this.#accepted.length > rememberedMax) this.#accepted.shift();
  }

  /** One's own, mostly one of the newest; now and then somebody else's. */
  async #readSomething(): Promise<void> {
    const { random, doors, recorder, clients } = this.#options;
    const { client: owner, id } = random.pick(random.chance(0.8) ? this.#accepted.slice(-20) : this.#accepted);
    const client = random.chance(0.05) ? random.pick(clients) : owner;
    recorder.add(
      files.requests,
      await call({ client, door: random.pick(doors), method: 'GET', path: `/transactions/${id}`, id }),
    );
  }

  #newOrder(): Order {
    const { random, clients } = this.#options;
    return { client: random.pick(clients), key: random.uuid(), body: this.#body() };
  }

  /** A fifth of the amounts is past the limit. */
  #body(): string {
    const { random, accounts } = this.#options;
    const cents = random.chance(0.2) ? random.between(100_001, 900_000) : random.between(1, 100_000);
    const value = random.chance(0.5) ? cents / 100 : (cents / 100).toFixed(2);
    const typeId = random.between(1, 3);
    return JSON.stringify({
      accountExternalIdDebit: random.pick(accounts),
      accountExternalIdCredit: random.pick(accounts),
      ...(random.chance(0.5) ? { transferTypeId: typeId } : { tranferTypeId: typeId }),
      value,
    });
  }
}
