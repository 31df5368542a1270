/**
 * A request and its answer as the routes see them, without a socket: what is written goes straight to whoever listens, and a client that leaves is seen
 * as the closing of the response. Only what the routes use is there.
 */
import { EventEmitter } from 'node:events';

import type { ClientId } from '../../src/transaction/ids.ts';
import type { Context } from '../../src/http/context.ts';

export type Request = {
  readonly clientId: ClientId;
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Plays the body once somebody listens for its end. */
class Incoming extends EventEmitter {
  readonly headers: Readonly<Record<string, string>>;
  readonly #body: string;

  constructor(headers: Readonly<Record<string, string>>, body: string) {
    super();
    this.headers = headers;
    this.#body = body;
  }

  override on(name: string, listener: (...args: unknown[]) => void): this {
    super.on(name, listener);
    if (name === 'end') queueMicrotask(() => this.#play());
    return this;
  }

  #play(): void {
    if (this.#body !== '') this.emit('data', Buffer.from(this.#body));
    this.emit('end');
  }
}

/** What a route writes and what it hears of its client. */
export class Outgoing extends EventEmitter {
  readonly #write: (text: string) => void;
  readonly headers: Record<string, string> = {};
  statusCode = 200;
  destroyed = false;
  headersSent = false;
  writableNeedDrain = false;

  constructor(write: (text: string) => void) {
    super();
    this.#write = write;
  }

  setHeader(name: string, value: string): void {
    this.headers[name.toLowerCase()] = value;
  }

  removeHeader(name: string): void {
    Reflect.deleteProperty(this.headers, name.toLowerCase());
  }

  getHeaderNames(): readonly string[] {
    return Object.keys(this.headers);
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  /** A socket that is full takes the text all the same, and says that it had rather not. */
  write(text: string): boolean {
    this.#write(text);
    return !this.writableNeedDrain;
  }

  drain(): void {
    this.writableNeedDrain = false;
    this.emit('drain');
  }

  end(): void {
    this.close();
  }

  destroy(): void {
    this.close();
  }

  close(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

export function fakeContext(request: Request, response: Outgoing): Context {
  const { clientId, params = {}, query = {}, headers, body = '', path } = request;
  const context = {
    req: new Incoming(headers, body),
    res: response,
    params,
    query,
    method: body === '' ? 'GET' : 'POST',
    routerPath: path,
    respond: true,
    body: undefined,
    state: { requestId: 'simulated', caller: { keyId: 'simulated', clientId, scopes: new Set() } },
    get headerSent(): boolean {
      return response.headersSent;
    },
    get status(): number {
      return response.statusCode;
    },
    set status(status: number) {
      response.statusCode = status;
    },
    set: (name: string | Readonly<Record<string, string>>, value = ''): void => {
      if (typeof name === 'string') return response.setHeader(name, value);
      for (const [each, text] of Object.entries(name)) response.setHeader(each, text);
    },
    remove: (name: string): void => response.removeHeader(name),
  };
  // Koa's context has some sixty members; the routes use these.
  return context as unknown as Context;
}
