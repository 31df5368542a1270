/**
 * One client of an event stream, small enough that thousands fit in a process: reads ids and nothing else, and when its connection ends, comes back as an EventSource does,
 * after the `retry` that it was told, with the last id that it has seen.
 */
import { Agent, get } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

import type { Transcript } from './protocol.ts';

export type FollowerOptions = {
  readonly url: string;
  readonly path: string;
  readonly lastEventId: string | undefined;
  readonly stalls: boolean;
};

const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
const usualRetryMs = 2_000;

export class Follower {
  readonly #options: FollowerOptions;
  readonly #ids: string[] = [];
  readonly #refusals: string[] = [];
  #request: ClientRequest | undefined;
  #lastId: string | undefined;
  #firstId: string | undefined;
  #pending = '';
  #retryMs = usualRetryMs;
  #localPort = 0;
  isOpen = false;
  connections = 0;
  heartbeats = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#lastId = options.lastEventId;
    this.#firstId = options.lastEventId;
    this.#connect();
  }

  get lastFrameId(): string | undefined {
    return this.#ids.at(-1);
  }

  get frames(): number {
    return this.#ids.length;
  }

  get refused(): number {
    return this.#refusals.length;
  }

  get transcript(): Transcript {
    return {
      ...{ path: this.#options.path, ids: this.#ids, refusals: this.#refusals, localPort: this.#localPort },
      ...{ firstId: this.#firstId ?? '', lastId: this.#lastId ?? '' },
    };
  }

  #connect(): void {
    const { url, path } = this.#options;
    const resume = this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId };
    const headers = { accept: 'text/event-stream', ...resume };
    this.#request = get(`${url}${path}`, { agent, headers }, (response) => this.#read(response));
    this.#request.on('error', (error) => this.#lost(String(error)));
  }

  #read(response: IncomingMessage): void {
    response.on('error', () => undefined); // `close` follows
    response.on('close', () => this.#lost());
    if (response.statusCode !== 200) {
      this.#refusals.push(`${response.statusCode}`);
      response.resume();
      return;
    }
    this.isOpen = true;
    this.#localPort = response.socket.localPort ?? 0;
    this.connections += 1;
    if (this.#options.stalls) {
      response.pause();
      response.socket.pause();
      return;
    }
    this.#pending = '';
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  /** Once for each connection, whichever way it ends. */
  #lost(refusal?: string): void {
    if (this.#request === undefined) return;
    this.#request = undefined;
    this.isOpen = false;
    if (refusal !== undefined) this.#refusals.push(refusal);
    setTimeout(() => this.#connect(), this.#retryMs);
  }

  #take(text: string): void {
    const blocks = (this.#pending + text).split('\n\n');
    this.#pending = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('id: ')) this.#takeId(block);
      else if (block.startsWith(':')) this.heartbeats += 1;
      else if (block.startsWith('retry: ')) this.#retryMs = Number(block.slice('retry: '.length));
    }
  }

  #takeId(block: string): void {
    const lineEnd = block.indexOf('\n');
    const id = block.slice('id: '.length, lineEnd < 0 ? undefined : lineEnd);
    this.#firstId ??= id;
    this.#lastId = id;
    if (lineEnd >= 0) this.#ids.push(id);
  }
}
