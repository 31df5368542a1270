/** A closed loop: each connection sends its next request when the last one is answered, for as long as a phase goes; then all that was accepted is waited for. */
import { Connection } from './connection.ts';
import { DecisionStream } from './decision-stream.ts';
import { latenciesOf } from './latencies.ts';
import { Ledger } from './ledger.ts';
import type { PhaseResult, Target } from './protocol.ts';
import { requestMaker } from './requests.ts';

/** A refusal must not turn the loop into a busy one. */
const pauseAfterRefusalMs = 5;
const idMark = '"transactionExternalId":"';

type Phase = { readonly until: number; readonly postMs: number[]; readonly refused: Record<string, number> };

export class ClosedLoop implements AsyncDisposable {
  readonly #target: Target;
  readonly #connections: Connection[];
  readonly #nextRequest: () => string;
  #stream: DecisionStream | undefined;
  #ledger = new Ledger();

  private constructor(target: Target, connections: Connection[]) {
    this.#target = target;
    this.#connections = connections;
    this.#nextRequest = requestMaker(target.url);
  }

  static async open(target: Target, connections: number): Promise<ClosedLoop> {
    const loop = new ClosedLoop(
      target,
      await Promise.all(Array.from({ length: connections }, () => Connection.open(target.url))),
    );
    if (target.decisions !== undefined) await loop.#follow(`${target.url}${target.decisions}`);
    return loop;
  }

  async run(seconds: number, drainMaxMs: number): Promise<PhaseResult> {
    this.#ledger = new Ledger();
    const startedAt = performance.now();
    const phase: Phase = { until: startedAt + seconds * 1000, postMs: [], refused: {} };
    await Promise.all(this.#connections.map((_, index) => this.#drive(index, phase)));
    const postingMs = performance.now() - startedAt;
    const ledger = this.#ledger;
    await ledger.drained(drainMaxMs);
    return {
      accepted: phase.postMs.length,
      refused: phase.refused,
      decided: ledger.decisionMs.length,
      strays: ledger.strays,
      open: ledger.open,
      postingMs,
      decidedMs: Math.max(0, ledger.lastDecidedAt - startedAt),
      post: latenciesOf(phase.postMs),
      decision: latenciesOf(ledger.decisionMs),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close();
    const stream = this.#stream;
    this.#stream = undefined;
    await stream?.[Symbol.asyncDispose]();
  }

  async #drive(index: number, phase: Phase): Promise<void> {
    while (performance.now() < phase.until) {
      const connection = await this.#connectionAt(index);
      const sentAt = performance.now();
      const { status, body } = await connection.ask(this.#nextRequest());
      if (status === 201) {
        phase.postMs.push(performance.now() - sentAt);
        if (this.#stream !== undefined) this.#ledger.accepted(idIn(body), sentAt);
        continue;
      }
      phase.refused[status] = (phase.refused[status] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, pauseAfterRefusalMs));
    }
  }

  async #connectionAt(index: number): Promise<Connection> {
    const held = this.#connections[index];
    if (held !== undefined && !held.broken) return held;
    const fresh = await Connection.open(this.#target.url);
    this.#connections[index] = fresh;
    return fresh;
  }

  async #follow(url: string): Promise<void> {
    this.#stream = await DecisionStream.open(
      url,
      (id) => this.#ledger.decided(id),
      () => {
        if (this.#stream !== undefined) throw new Error(`${url} ended in the middle of the load`);
      },
    );
  }
}

function idIn(body: string): string {
  const at = body.indexOf(idMark) + idMark.length;
  return body.slice(at, at + 36);
}
