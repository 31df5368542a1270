/** Follows a stream of server-sent events over any number of connections and servers, resuming with `Last-Event-ID` as an EventSource does, and keeps every frame. */
export type Frame = { readonly id: string; readonly event: string; readonly data: string };

export type EventStreamOptions = {
  /** Tried in turn, a new one after each broken connection. */
  readonly urls: readonly string[];
  /** `/events?status=APPROVED` */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly lastEventId?: string;
  readonly onFrame?: (frame: Frame) => void;
};

const reconnectMs = 100;

export class EventStream implements AsyncDisposable {
  readonly frames: Frame[] = [];
  readonly refusals: string[] = [];
  /** Resolves when the first connection is answered and the start is fixed. */
  readonly opened: Promise<void>;
  readonly #options: EventStreamOptions;
  readonly #ending = new AbortController();
  readonly #opened = Promise.withResolvers<void>();
  readonly #following: Promise<void>;
  #firstEventId: string | undefined;
  #lastEventId: string | undefined;
  #connections = 0;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#lastEventId = options.lastEventId;
    this.opened = this.#opened.promise;
    this.#following = this.#follow();
  }

  get connections(): number {
    return this.#connections;
  }

  /** Where it began: everything after this is to be shown. */
  get firstEventId(): string | undefined {
    return this.#firstEventId;
  }

  get lastEventId(): string | undefined {
    return this.#lastEventId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    for (let turn = 0; !signal.aborted; turn += 1) {
      const url = this.#options.urls[turn % this.#options.urls.length] ?? '';
      try {
        if (!(await this.#readOne(`${url}${this.#options.path ?? '/events'}`))) return;
      } catch (error) {
        if (signal.aborted) return;
        this.refusals.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, reconnectMs));
    }
  }

  /** False where the server says that there is nothing more to come. */
  async #readOne(url: string): Promise<boolean> {
    const resume = this.#lastEventId === undefined ? {} : { 'last-event-id': this.#lastEventId };
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...this.#options.headers, ...resume },
      signal: this.#ending.signal,
    });
    if (response.status === 204) return false;
    if (response.status !== 200 || response.body === null) {
      throw new Error(`${response.status} ${await response.text()}`);
    }
    this.#connections += 1;
    let pending = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = `${pending}${text}`.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
    return true;
  }

  #take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
    }
    const id = fields.get('id');
    if (id !== undefined) {
      this.#firstEventId ??= id;
      this.#lastEventId = id;
      this.#opened.resolve();
    }
    const data = fields.get('data');
    if (data === undefined) return;
    const frame = { id: id ?? '', event: fields.get('event') ?? 'message', data };
    this.frames.push(frame);
    this.#options.onFrame?.(frame);
  }
}
