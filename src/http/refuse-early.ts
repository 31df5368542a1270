/**
 * Refuses requests at the door of a process that is full, before Koa, the router, the caller's key and the body, and never more of them in a second than is set: whoever is
 * refused may come again at once, and with thousands of connections that do, refusing alone would fill the time that what was accepted needs (measured with 10,000 of them:
 * not one transaction opened for seconds). What is past the rate gets its refusal later; its connection asks for nothing else meanwhile, and costs nothing.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { HttpMetrics } from './http-metrics.ts';
import { problemMediaType, problemTable, renderProblem } from './middleware/problems.ts';
import type { Clock } from '../platform/clock.ts';

export type RefuseEarlyOptions = {
  readonly isFull: () => boolean;
  readonly refusalsPerSecondMax: number;
  readonly metrics: HttpMetrics;
  readonly clock: Clock;
  readonly closing: AbortSignal;
};

type Refused = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly at: number };

const roundMs = 25;
/** What a process that was kept from its rounds may make up for in one of them. */
const lateMaxMs = 200;
/** So long a refusal is kept waiting at the most: where more would have to wait (requests of one connection that do not wait for answers), they are refused at once. */
const heldMaxSeconds = 5;

/** Health, metrics and documents are always answered, and event streams have seats of their own. */
const counted = /^\/transactions(?:$|[/?](?![^?]*\/events(?:$|\?)))/;

const body = renderProblem('unavailable');
const head = [
  ...['Content-Type', problemMediaType, 'Content-Length', String(Buffer.byteLength(body))],
  ...['Cache-Control', 'no-store', 'Retry-After', '1'],
];

export function refuseEarly(options: RefuseEarlyOptions, handle: RequestListener): RequestListener {
  const refusals = new Refusals(options);
  return (request, response) => {
    if (options.isFull() && counted.test(request.url ?? '')) refusals.add(request, response);
    else handle(request, response);
  };
}

class Refusals {
  readonly #options: RefuseEarlyOptions;
  readonly #heldMax: number;
  readonly #held: Refused[] = [];
  /** Refusals that may be made until the next round. */
  #left: number;
  #running = false;

  constructor(options: RefuseEarlyOptions) {
    this.#options = options;
    this.#heldMax = options.refusalsPerSecondMax * heldMaxSeconds;
    this.#left = this.#earnedIn(roundMs);
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    const { clock, closing, metrics } = this.#options;
    metrics.requestStarted();
    const refused = { request, response, at: clock.elapsed() };
    if (this.#left > 0 || this.#held.length >= this.#heldMax || closing.aborted) this.#refuse(refused);
    else this.#held.push(refused);
    if (!this.#running) void this.#run();
  }

  /** While anybody waits; a closing server keeps nobody waiting. */
  async #run(): Promise<void> {
    const { clock, closing } = this.#options;
    this.#running = true;
    do {
      const began = clock.elapsed();
      await clock.sleep(roundMs, closing);
      this.#left = this.#earnedIn(Math.min(lateMaxMs, clock.elapsed() - began));
      const due = this.#held.splice(0, closing.aborted ? this.#held.length : this.#left);
      for (const refused of due) this.#refuse(refused);
    } while (this.#held.length > 0);
    this.#left = this.#earnedIn(roundMs);
    this.#running = false;
  }

  #earnedIn(ms: number): number {
    return Math.ceil((this.#options.refusalsPerSecondMax * ms) / 1_000);
  }

  #refuse({ request, response, at }: Refused): void {
    const { clock, metrics } = this.#options;
    this.#left -= 1;
    response.writeHead(problemTable.unavailable.status, head);
    response.end(body);
    const seconds = (clock.elapsed() - at) / 1_000;
    metrics.requestEnded({ method: request.method ?? '', route: 'refused', status: response.statusCode, seconds });
  }
}
