/** Appends with one send in flight: what arrives meanwhile goes together in the next one, in order; an error costs the connection, and trying again ends at the append's limit. */
import { Failure } from '../failure.ts';
import { bounded } from './bounded.ts';
import { asFailure, isMissingTopic } from './kafka-failure.ts';
import { KafkaSender } from './kafka-sender.ts';
import type { NewRecord } from './event-log.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import type { KafkaSettings } from './kafka-options.ts';

type Piece = {
  readonly topic: string;
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: Failure) => void;
};

export class KafkaProducer {
  readonly #settings: KafkaSettings;
  readonly #admin: KafkaAdmin;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #working: Promise<void> | undefined;
  #connecting: Promise<KafkaSender> | undefined;
  #closed = false;
  /** By the monotonic clock: a log that is away must not hold up the end of its process. */
  #givesUpAt = Number.POSITIVE_INFINITY;

  constructor(settings: KafkaSettings, admin: KafkaAdmin) {
    this.#settings = settings;
    this.#admin = admin;
  }

  async append(topic: string, records: readonly NewRecord[]): Promise<void> {
    const { clock, appendLimitMs, waitingBytesMax } = this.#settings;
    if (this.#closed) throw new Failure('stopped', 'the event log is closed');
    if (records.length === 0) return;
    const parts = cut(records, this.#settings.sendBytesMax);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    if (this.#waitingBytes + bytes > waitingBytesMax) {
      throw new Failure('overloaded', `${this.#waitingBytes} bytes wait for the event log already`);
    }
    this.#waitingBytes += bytes;
    const deadline = clock.elapsed() + appendLimitMs;
    const appended = parts.map(
      (part) =>
        new Promise<void>((resolve, reject) => this.#waiting.push({ ...part, topic, deadline, resolve, reject })),
    );
    this.#working ??= this.#work();
    await Promise.all(appended);
  }

  /** Sends what waits, for a moment, then refuses. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#givesUpAt = this.#settings.clock.elapsed() + closeLimitMs;
    const over = new AbortController();
    await Promise.race([this.#working, this.#settings.clock.sleep(closeLimitMs, over.signal)]);
    over.abort();
    await this.#discard();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#settle(this.#take());
    }
    this.#working = undefined;
  }

  /** A refusal may be meant for one of several, so each is asked for alone before it is passed on. */
  async #settle(pieces: readonly Piece[]): Promise<void> {
    const failure = await this.#deliver(pieces);
    if (failure?.code === 'event_log_refused' && pieces.length > 1) {
      for (const piece of pieces) await this.#settle([piece]);
      return;
    }
    for (const piece of pieces) {
      this.#waitingBytes -= piece.bytes;
      if (failure === undefined) piece.resolve();
      else piece.reject(failure);
    }
  }

  /** What fits into one send; or what has waited too long, apart from the rest. */
  #take(): readonly Piece[] {
    const now = this.#settings.clock.elapsed();
    const fresh = this.#waiting.findIndex(({ deadline }) => deadline > now);
    if (fresh !== 0) return this.#waiting.splice(0, fresh === -1 ? this.#waiting.length : fresh);
    let bytes = 0;
    const fits = (piece: Piece): boolean => (bytes += piece.bytes) <= this.#settings.sendBytesMax;
    const end = this.#waiting.findIndex((piece, index) => !fits(piece) && index > 0);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /** Tries until the oldest piece's limit; what it answers is why they were not written. */
  async #deliver(pieces: readonly Piece[]): Promise<Failure | undefined> {
    const { clock, entropy, log } = this.#settings;
    const endsAt = (): number => Math.min(pieces[0]?.deadline ?? 0, this.#givesUpAt);
    for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 1_000)) {
      const leftMs = endsAt() - clock.elapsed();
      if (leftMs <= 0) return new Failure('event_log_unavailable', 'the event log did not take the records in time');
      try {
        await bounded({ clock, limitMs: leftMs, what: 'appending' }, () => this.#send(pieces));
        return undefined;
      } catch (error) {
        void this.#discard();
        const failure = asFailure('appending', error);
        log('warn', { error, records: pieces.length }, 'appending to the event log failed');
        if (!failure.retryable || clock.elapsed() + pauseMs >= endsAt()) return failure;
        if (isMissingTopic(error)) await this.#restore(pieces);
        await clock.sleep(pauseMs * (0.5 + entropy.fraction()));
      }
    }
  }

  async #send(pieces: readonly Piece[]): Promise<void> {
    const sender = await (this.#connecting ??= this.#connect());
    const topics = [...Map.groupBy(pieces, ({ topic }) => topic)].map(([topic, mine]) => ({
      topic,
      records: mine.length === 1 && mine[0] !== undefined ? mine[0].records : mine.flatMap(({ records }) => records),
    }));
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    await sender.send(topics, bytes);
  }

  async #restore(pieces: readonly Piece[]): Promise<void> {
    try {
      await this.#admin.restore([...new Set(pieces.map(({ topic }) => topic))]);
    } catch (error) {
      this.#settings.log('warn', { error }, 'a missing topic could not be created');
    }
  }

  async #connect(): Promise<KafkaSender> {
    const sender = new KafkaSender(this.#settings);
    await sender.connect();
    return sender;
  }

  async #discard(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    const { clock, requestTimeoutMs, log } = this.#settings;
    try {
      const limitMs = this.#closed ? closeLimitMs : requestTimeoutMs;
      await bounded({ clock, limitMs, what: 'closing' }, async () => (await connecting)?.disconnect());
    } catch (error) {
      log('debug', { error }, 'a connection of the producer was dropped');
    }
  }
}

const closeLimitMs = 1_000;

/** Cuts an append into parts that one send can carry. */
function cut(records: readonly NewRecord[], bytesMax: number): readonly Pick<Piece, 'records' | 'bytes'>[] {
  const parts: { readonly records: NewRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = sizeOf(record);
    if (bytes > bytesMax)
      throw new Failure('event_log_refused', `a record of ${bytes} bytes is larger than ${bytesMax}`);
    const last = parts.at(-1);
    if (last === undefined || last.bytes + bytes > bytesMax) parts.push({ records: [record], bytes });
    else {
      last.records.push(record);
      last.bytes += bytes;
    }
  }
  return parts;
}

/** A little more than on the wire. */
function sizeOf({ key, value, headers }: NewRecord): number {
  let bytes = 50 + lengthOf(key) + lengthOf(value);
  for (const name of Object.keys(headers)) bytes += 10 + lengthOf(name) + lengthOf(headers[name] ?? null);
  return bytes;
}

function lengthOf(part: string | Buffer | null): number {
  if (part === null) return 0;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
