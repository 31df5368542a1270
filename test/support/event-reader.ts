/** Reads an event stream the way an EventSource does, and keeps what it got. */
import { within } from './within.ts';

export type Frame = { readonly id: string; readonly event: string; readonly data: string };

export class EventReader {
  readonly frames: Frame[] = [];
  readonly #abort = new AbortController();
  text = '';
  lastEventId = '';
  ended = false;
  #rest = '';
  response: Response | undefined;

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const reader = new EventReader();
    reader.response = await fetch(url, { headers, signal: reader.#abort.signal });
    if (reader.response.status === 200) void reader.#read(reader.response);
    return reader;
  }

  get status(): number {
    return this.response?.status ?? 0;
  }

  /** What the frames say, in short: `transaction.opened PENDING`. */
  get said(): readonly string[] {
    return this.frames.map(({ event, data }) => {
      const body: { transactionStatus: { name: string } } = JSON.parse(data);
      return `${event} ${body.transactionStatus.name}`;
    });
  }

  async until(count: number): Promise<readonly Frame[]> {
    await within(5_000, `${count} frames, not ${this.frames.length}`, () => this.frames.length >= count);
    return this.frames;
  }

  async greeted(): Promise<this> {
    await within(5_000, 'a first position', () => this.lastEventId !== '');
    return this;
  }

  leave(): void {
    this.#abort.abort();
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) this.#take(decoder.decode(chunk, { stream: true }));
    } catch {
      // Left, or cut: `ended` says so.
    }
    this.ended = true;
  }

  #take(text: string): void {
    this.text += text;
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#dispatch(block);
  }

  #dispatch(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => {
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        return [name, value] as const;
      }),
    );
    const id = fields.get('id');
    if (id !== undefined) this.lastEventId = id;
    const data = fields.get('data');
    if (data !== undefined) this.frames.push({ id: this.lastEventId, event: fields.get('event') ?? 'message', data });
  }
}
