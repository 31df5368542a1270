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

/** What the routes use of Koa's context. A class: a getter of an object literal, and all that it sees, outlives every collection of the young generation. */
class FakeContext {
  readonly req: Incoming;
  readonly res: Outgoing;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'POST';
  readonly routerPath: string;
  readonly state: object;
  respond = true;
  body: unknown = undefined;

  constructor({ clientId, params = {}, query = {}, headers, body = '', path }: Request, response: Outgoing) {
    this.req = new Incoming(headers, body);
    this.res = response;
    this.params = params;
    this.query = query;
    this.method = body === '' ? 'GET' : 'POST';
    this.routerPath = path;
    this.state = { requestId: 'simulated', caller: { keyId: 'simulated', clientId, scopes: new Set() } };
  }

  get headerSent(): boolean {
    return this.res.headersSent;
  }

  get status(): number {
    return this.res.statusCode;
  }

  set status(status: number) {
    this.res.statusCode = status;
  }

  set(name: string | Readonly<Record<string, string>>, value = ''): void {
    if (typeof name === 'string') return this.res.setHeader(name, value);
    for (const [each, text] of Object.entries(name)) this.res.setHeader(each, text);
  }

  remove(name: string): void {
    this.res.removeHeader(name);
  }
}

export function fakeContext(request: Request, response: Outgoing): Context {
  // Koa's context has some sixty members; the routes use these.
  return new FakeContext(request, response) as unknown as Context;
}
