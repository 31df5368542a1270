/**
 * An HTTP server on one address. Disposing it stops accepting, ends streams and waits, lets the requests that have begun be answered
 * for `closeMs`, and then cuts what is left.
 */
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';

import type { HttpMetrics } from './http-metrics.ts';
import { answerRequests } from './parser-errors.ts';
import type { Clock } from '../platform/clock.ts';

export type ServerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly metrics: HttpMetrics;
  readonly limits: ServerLimits;
  /** Answers every request to its end. The signal aborts when the server begins to close. */
  readonly app: (closing: AbortSignal) => RequestListener;
};

export type ServerLimits = {
  readonly headersMaxBytes: number;
  /** From the first byte to the end of the headers, and of the whole request. */
  readonly headersMaxMs: number;
  readonly requestMaxMs: number;
  readonly keepAliveMs: number;
  readonly requestsPerConnectionMax: number;
  readonly connectionsMax: number;
  /** How long a closing server waits for the requests that have begun. */
  readonly closeMs: number;
};

/** Node looks for late requests only every 30 s unless told otherwise. */
const lateCheckMs = 1000;
const idleCheckMs = 20;

export class HttpServer {
  readonly #server: Server;
  readonly #closing: AbortController;
  readonly #options: ServerOptions;
  readonly port: number;
  #answering = 0;

  private constructor(server: Server, closing: AbortController, options: ServerOptions) {
    this.#server = server;
    server.on('request', (_request, response) => {
      this.#answering += 1;
      response.once('close', () => (this.#answering -= 1));
    });
    this.#closing = closing;
    this.#options = options;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : options.port;
  }

  /** Rejects where the address cannot be had. */
  static async listen(options: ServerOptions): Promise<HttpServer> {
    const closing = new AbortController();
    const server = configuredServer(options, closing.signal);
    server.listen(options.port, options.host);
    await once(server, 'listening');
    return new HttpServer(server, closing, options);
  }

  get url(): string {
    const { host } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, limits } = this.#options;
    const closed = new AbortController();
    this.#server.close(() => closed.abort());
    this.#closing.abort();
    const end = clock.elapsed() + limits.closeMs;
    let quietRounds = 0;
    // A connection that has not sent its first request is not idle to Node, and nobody need wait for it; two rounds, for a request may be on its way in.
    while (!closed.signal.aborted && quietRounds < 2 && clock.elapsed() < end) {
      this.#server.closeIdleConnections();
      await clock.sleep(idleCheckMs, closed.signal);
      quietRounds = this.#answering === 0 ? quietRounds + 1 : 0;
    }
    this.#server.closeAllConnections();
  }
}

function configuredServer({ limits, app, clock, metrics }: ServerOptions, closing: AbortSignal): Server {
  const server = createServer({
    maxHeaderSize: limits.headersMaxBytes,
    headersTimeout: limits.headersMaxMs,
    requestTimeout: limits.requestMaxMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: lateCheckMs,
    // The guard answers a missing Host with a problem; Node would with an empty 400.
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax;
  server.maxConnections = limits.connectionsMax;
  answerRequests(server, { clock, metrics }, app(closing));
  return server;
}
