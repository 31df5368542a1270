/** The front door's HTTP layer on a free port over an Api in memory, what it logged and counted, and ways to speak to it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import type { AppOptions } from '../../src/http/app.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpMetrics } from '../../src/http/http-metrics.ts';
import type { ServerLimits } from '../../src/http/server.ts';
import { HttpServer } from '../../src/http/server.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { openDesk } from './desk.ts';
import { MemoryApi } from './memory-api.ts';

export const debit = '0b7e2f0a-7a6e-4a52-9d53-0c0d6ef3ad10';
export const credit = '5c1f7d52-3c64-4e0c-8a3e-7a2f3a2d9b11';

export const serverLimits: ServerLimits = {
  headersMaxBytes: 16_384,
  headersMaxMs: 1_000,
  requestMaxMs: 2_000,
  keepAliveMs: 5_000,
  requestsPerConnectionMax: 10_000,
  connectionsMax: 1_000,
  closeMs: 2_000,
};

const appLimits = {
  targetMaxChars: 8_192,
  healthCheckMaxMs: 100,
  pageDefault: 3,
  pageMax: 5,
  bodyMaxBytes: 4_096,
  waitMaxMs: 2_000,
  inFlightMax: 1_000,
  workingMax: 1_000,
  refusalsPerSecondMax: 1_000,
};

export type LogLine = { readonly level: 'debug' | 'warn' | 'error'; readonly fields: object; readonly message: string };

export type Served = {
  readonly url: string;
  readonly port: number;
  readonly api: MemoryApi;
  readonly lines: LogLine[];
  readonly counted: { readonly what: string; readonly value: unknown }[];
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  /** A valid body unless told otherwise, under a fresh key unless one is given. */
  readonly post: (body?: object | string, headers?: Record<string, string>) => Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type ServedOptions = Partial<Omit<AppOptions, 'api' | 'limits' | 'sse'>> & {
  readonly limits?: Partial<AppOptions['limits']>;
  readonly sse?: Partial<AppOptions['sse']>;
  readonly server?: Partial<ServerLimits>;
  readonly serverClock?: Clock;
};

let keys = 0;
export function freshKey(): string {
  keys += 1;
  return `test-key-${keys}`;
}

export function validBody(changes: object = {}): object {
  return { accountExternalIdDebit: debit, accountExternalIdCredit: credit, tranferTypeId: 1, value: 120, ...changes };
}

export async function serve({ server: limits, serverClock, ...options }: ServedOptions = {}): Promise<Served> {
  const api = new MemoryApi();
  const deadLetters = options.deadLetters ?? (await openDesk()).desk;
  const lines: LogLine[] = [];
  const counted: Served['counted'] = [];
  const metrics = countingMetrics(counted);
  const log = (level: LogLine['level']) => (fields: object, message: string) => lines.push({ level, fields, message });
  const server = await HttpServer.listen({
    host: '127.0.0.1',
    port: 0,
    clock: serverClock ?? systemClock,
    metrics,
    limits: { ...serverLimits, ...limits },
    app: (closing) =>
      createApp({
        api,
        closing,
        metrics,
        clock: systemClock,
        entropy: systemEntropy,
        version: '0.0.0',
        auth: { mode: 'none' },
        checks: {},
        exposition: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'verdict_up 1\n' },
        log: { debug: log('debug'), warn: log('warn'), error: log('error') },
        catalogue: {
          transferTypes: [
            { id: 1, name: 'TRANSFER' },
            { id: 2, name: 'Zahlung "größer"' },
          ],
          defaultDigits: 2,
          currencies: { EUR: 2, JPY: 0, KWD: 3 },
        },
        ...options,
        deadLetters,
        limits: { ...appLimits, ...options.limits },
        sse: {
          heartbeatMs: 60_000,
          retryMs: 1_000,
          stalledMs: 60_000,
          perClientMax: 5,
          perProcessMax: 8,
          ...options.sse,
        },
      }),
  });
  const get: Served['get'] = (path, headers = {}) => fetch(`${server.url}${path}`, { headers });
  const post: Served['post'] = (body = validBody(), headers = {}) =>
    fetch(`${server.url}/transactions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': freshKey(), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const close = (): Promise<void> => server[Symbol.asyncDispose]();
  return { url: server.url, port: server.port, api, lines, counted, get, post, [Symbol.asyncDispose]: close };
}

function countingMetrics(counted: Served['counted']): HttpMetrics {
  const count = (what: string) => (value?: unknown) => void counted.push({ what, value });
  return {
    requestStarted: count('started'),
    requestEnded: count('ended'),
    streamsOpen: count('streams'),
    frameSent: count('frame'),
    streamCut: count('cut'),
    parserError: count('parser error'),
  };
}

/** Sends bytes as they are and reads until the other side closes. */
export async function exchange(port: number, request: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  socket.write(request);
  await once(socket, 'close');
  return answer;
}

/** An open connection that has sent a GET and reads nothing until it is told to. */
export function stalledGet(port: number, path: string): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

/** What the test says the body is; JSON itself says nothing. */
export async function bodyOf<T>(response: Response): Promise<T> {
  const body: T = JSON.parse(await response.text());
  return body;
}

export type ProblemBody = {
  readonly type: string;
  readonly status: number;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly code: string }[];
};

/** Checks that the answer is a problem; its type comes without the part that all have. */
export async function problemOf(response: Response): Promise<Required<ProblemBody>> {
  const { status, headers } = response;
  const mediaType = headers.get('content-type');
  if (mediaType !== 'application/problem+json') throw new Error(`${status} is no problem but ${mediaType}`);
  const body = await bodyOf<ProblemBody>(response);
  if (body.status !== status) throw new Error(`the body says ${body.status}, the answer ${status}`);
  return { status, type: body.type.replace('urn:verdict:problem:', ''), errors: body.errors ?? [] };
}
