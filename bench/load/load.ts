/** The load on one peer: goes through phases, one after the other, on the same connections and beside one stream of decisions. */
import { Connections } from './connections.ts';
import { DecisionStream } from './decision-stream.ts';
import { latenciesOf } from './latencies.ts';
import type { Phase, PhaseResult, Target } from './protocol.ts';
import { getRequest, requestMaker } from './requests.ts';
import { schedule } from './schedule.ts';
import { Readable, Tally } from './tally.ts';

/** A refusal must not turn a closed loop into a busy one. */
const pauseAfterRefusalMs = 5;
/** What an open loop may have on its way at once, all opened beforehand; past it requests wait here, and their time counts. */
const connectionsMax = 512;
const idMark = '"transactionExternalId":"';

export class Load implements AsyncDisposable {
  readonly #target: Target;
  readonly #nextRequest: () => string;
  readonly #connections: Connections;
  readonly #readable = new Readable();
  #stream: DecisionStream | undefined;
  #tally = new Tally();

  private constructor(target: Target) {
    this.#target = target;
    this.#nextRequest = requestMaker(target.url);
    this.#connections = new Connections([target.url, ...(target.others ?? [])], connectionsMax);
  }

  static async open(target: Target): Promise<Load> {
    const load = new Load(target);
    if (target.decisions !== undefined) await load.#follow(`${target.url}${target.decisions}`);
    return load;
  }

  async run(phase: Phase, drainMaxMs: number): Promise<PhaseResult> {
    await this.#connections.warm(phase.type === 'closed' ? phase.connections : connectionsMax);
    const tally = new Tally();
    this.#tally = tally;
    const startedAt = performance.now();
    await this.#go(phase, startedAt);
    const postingMs = performance.now() - startedAt;
    const { ledger, postMs, readMs, refused } = tally;
    await ledger.drained(drainMaxMs);
    return {
      accepted: postMs.length,
      refused,
      decided: ledger.decisionMs.length,
      strays: ledger.strays,
      open: ledger.open,
      postingMs,
      decidedMs: Math.max(0, ledger.lastDecidedAt - startedAt),
      post: latenciesOf(postMs),
      decision: latenciesOf(ledger.decisionMs),
      reads: readMs.length,
      read: latenciesOf(readMs),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connections[Symbol.dispose]();
    const stream = this.#stream;
    this.#stream = undefined;
    await stream?.[Symbol.asyncDispose]();
  }

  async #go(phase: Phase, startedAt: number): Promise<void> {
    const until = startedAt + phase.seconds * 1000;
    switch (phase.type) {
      case 'closed':
        await inParallel(phase.connections, () => this.#again(until, () => this.#post(performance.now())));
        break;
      case 'open':
        await this.#inTime(phase, startedAt);
        break;
      case 'reads':
        await Promise.all([
          inParallel(phase.connections, () => this.#again(until, () => this.#read())),
          phase.writesPerSecond > 0 && this.#inTime({ rate: phase.writesPerSecond, seconds: phase.seconds }, startedAt),
        ]);
    }
  }

  async #again(until: number, ask: () => Promise<boolean>): Promise<void> {
    while (performance.now() < until) {
      if (!(await ask())) await new Promise((resolve) => setTimeout(resolve, pauseAfterRefusalMs));
    }
  }

  /** Resolves when all are answered. */
  async #inTime(
    { rate, seconds }: { readonly rate: number; readonly seconds: number },
    startedAt: number,
  ): Promise<void> {
    const answered: Promise<boolean>[] = [];
    for (const due of schedule(rate, seconds)) {
      const dueAt = startedAt + due;
      const aheadMs = dueAt - performance.now();
      // A timer comes up to a millisecond late, the same for every peer; what is due by then goes at once.
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
      answered.push(this.#post(dueAt));
    }
    await Promise.all(answered);
  }

  /** Whether it was accepted. */
  async #post(sentAt: number): Promise<boolean> {
    const tally = this.#tally;
    const connection = await this.#connections.take();
    const { status, body } = await connection.ask(this.#nextRequest());
    this.#connections.give(connection);
    if (status !== 201) {
      tally.refuse(status);
      return false;
    }
    const id = idIn(body);
    tally.postMs.push(performance.now() - sentAt);
    this.#readable.add(id);
    if (this.#stream !== undefined) tally.ledger.accepted(id, sentAt);
    return true;
  }

  async #read(): Promise<boolean> {
    const tally = this.#tally;
    const sentAt = performance.now();
    const connection = await this.#connections.take();
    const { status } = await connection.ask(getRequest(this.#target.url, this.#readable.next()));
    this.#connections.give(connection);
    if (status === 200) tally.readMs.push(performance.now() - sentAt);
    else tally.refuse(status);
    return status === 200;
  }

  async #follow(url: string): Promise<void> {
    this.#stream = await DecisionStream.open(
      url,
      (id) => this.#tally.ledger.decided(id),
      () => {
        if (this.#stream !== undefined) throw new Error(`${url} ended in the middle of the load`);
      },
    );
  }
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}

function idIn(body: string): string {
  const at = body.indexOf(idMark) + idMark.length;
  return body.slice(at, at + 36);
}
