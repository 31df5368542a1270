/** Somebody who follows the stream, leaves, and comes back later at the other front door with the last id that he has seen. He keeps everything. */
import { EventStream } from '../../tools/run/event-stream.ts';
import type { Frame } from '../../tools/run/event-stream.ts';
import { compare, placeOf } from '../checker/cursor-id.ts';
import type { Place } from '../checker/cursor-id.ts';
import type { SeenFrame, Transcript } from '../checker/evidence.ts';
import type { Random } from '../random.ts';
import { eventually, sleep } from '../wait.ts';
import type { Client } from './clients.ts';

export type SubscriberOptions = {
  readonly name: string;
  readonly client: Client;
  readonly doors: readonly [string, string];
  readonly statuses: readonly string[] | null;
  readonly account: string | null;
  /** Undefined for one who never leaves on his own. */
  readonly staysMs: readonly [least: number, most: number] | undefined;
  readonly random: Random;
};

export class Subscriber implements AsyncDisposable {
  readonly #options: SubscriberOptions;
  readonly #leaving = new AbortController();
  readonly #following: Promise<void>;
  readonly #frames: SeenFrame[] = [];
  readonly #refusals: string[] = [];
  #firstId = '';
  #lastId = '';
  #connections = 0;
  #stream: EventStream | undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#following = this.#comeAndGo();
  }

  get transcript(): Transcript {
    const { name, client, statuses, account } = this.#options;
    this.#look();
    return {
      ...{ name, client: client.name, statuses, account, firstId: this.#firstId, lastId: this.#lastId },
      ...{ frames: this.#frames, refusals: this.#refusals, connections: this.#connections },
    };
  }

  /** Whether everything up to there has been said to him. */
  reaches(place: Place): Promise<boolean> {
    return eventually(100, () => {
      this.#look();
      return this.#lastId !== '' && compare(placeOf(this.#lastId), place) >= 0;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#following;
  }

  async #comeAndGo(): Promise<void> {
    const { random, staysMs } = this.#options;
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      {
        await using stream = this.#open();
        this.#stream = stream;
        await (staysMs === undefined ? untilAborted(signal) : sleep(random.between(...staysMs), signal));
        this.#look();
        // What is on its way still belongs to this visit.
      }
      this.#close();
      if (!signal.aborted) await sleep(random.between(100, 3_000), signal);
    }
  }

  #open(): EventStream {
    const { client, doors, random, statuses, account } = this.#options;
    const query = new URLSearchParams();
    if (statuses !== null) query.set('status', statuses.join());
    if (account !== null) query.set('account', account);
    return new EventStream({
      urls: random.shuffled(doors),
      path: query.size === 0 ? '/events' : `/events?${query.toString()}`,
      headers: client.headers,
      ...(this.#lastId === '' ? {} : { lastEventId: this.#lastId }),
      onFrame: (frame) => this.#frames.push(seen(frame)),
    });
  }

  #look(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    if (this.#firstId === '') this.#firstId = stream.firstEventId ?? '';
    this.#lastId = stream.lastEventId ?? this.#lastId;
  }

  #close(): void {
    this.#look();
    this.#refusals.push(...(this.#stream?.refusals ?? []));
    this.#connections += this.#stream?.connections ?? 0;
    this.#stream = undefined;
  }
}

function seen({ id, event, data }: Frame): SeenFrame {
  const body: { readonly transactionExternalId: string; readonly transactionStatus: { readonly name: string } } =
    JSON.parse(data);
  return {
    id,
    event,
    transactionId: body.transactionExternalId,
    status: body.transactionStatus.name,
    atMs: Date.now(),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
