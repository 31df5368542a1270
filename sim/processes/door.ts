/** The front door's routes over its API: everything below the socket, with the same table of problems. */
import { once } from 'node:events';

import type { Api } from '../../src/http/api.ts';
import type { Context, Middleware } from '../../src/http/context.ts';
import { problems } from '../../src/http/middleware/problems.ts';
import type { OpenContent } from '../../src/http/open-body.ts';
import { openBodyReader } from '../../src/http/open-body.ts';
import { events } from '../../src/http/routes/events.ts';
import { openTransaction } from '../../src/http/routes/open-transaction.ts';
import { readTransaction } from '../../src/http/routes/read-transaction.ts';
import { transactionEvents } from '../../src/http/routes/transaction-events.ts';
import { EventStreams } from '../../src/http/sse/event-streams.ts';
import type { Tools } from '../../src/roles/tools.ts';
import type { Answer, Request } from './fake-exchange.ts';
import type { Outgoing } from './fake-exchange.ts';
import { fakeContext } from './fake-exchange.ts';

export type RouteName = 'open' | 'read' | 'events' | 'transactionEvents';

/** Simulated clients know two transfer types. */
const catalogue = {
  transferTypes: [
    { id: 1, name: 'TRANSFER' },
    { id: 2, name: 'PAYMENT' },
  ],
  defaultDigits: 2,
  currencies: { EUR: 2, JPY: 0 },
};

let readOpenBody: ((body: unknown) => OpenContent) | undefined;

export class Door {
  readonly #routes: Readonly<Record<RouteName, Middleware>>;
  readonly #problems: Middleware;
  readonly #closing = new AbortController();
  readonly #open = new Set<Promise<void>>();

  constructor(tools: Tools, api: Api) {
    const { clock, entropy, log, config } = tools;
    const closing = this.#closing.signal;
    readOpenBody ??= openBodyReader(catalogue);
    const waiting = { waitMaxMs: 3_000, closing };
    const sse = { ...config.sse, perClientMax: 20, perProcessMax: 20 };
    const streams = new EventStreams({ api, clock, entropy, log, metrics: uncounted, sse, closing });
    this.#problems = problems(log);
    this.#routes = {
      open: openTransaction({ api, bodyMaxBytes: 4_096, readOpenBody, ...waiting }),
      read: readTransaction(api, waiting),
      events: events(api, streams),
      transactionEvents: transactionEvents(api, streams),
    };
  }

  /** Resolves when the answer is complete, or the stream has ended. */
  async answer(route: RouteName, request: Request, response: Outgoing): Promise<Answer> {
    const context = fakeContext(request, response);
    const answering = this.#run(route, context, response);
    this.#open.add(answering);
    await answering.finally(() => this.#open.delete(answering));
    const body = typeof context.body === 'string' ? context.body : '';
    return { status: response.statusCode, headers: response.headers, body };
  }

  /** Ends streams and waits, and lets the requests that have begun be answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#open);
  }

  async #run(route: RouteName, context: Context, response: Outgoing): Promise<void> {
    await this.#problems(context, async () => {
      await this.#routes[route](context, async () => undefined);
    });
    if (context.respond === false && !response.destroyed) await once(response, 'close');
  }
}

const uncounted = {
  requestStarted: (): void => undefined,
  requestEnded: (): void => undefined,
  streamsOpen: (): void => undefined,
  frameSent: (): void => undefined,
  streamCut: (): void => undefined,
  parserError: (): void => undefined,
};
