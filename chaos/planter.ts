/** Puts records on the log that nobody can handle, each noted down before it is sent, with the cause for which it must be set aside. */
import { createHash } from 'node:crypto';
import type { Message } from 'kafkajs';
import { chaosHeader } from './checker/evidence.ts';
import type { Planted } from './checker/evidence.ts';
import { files } from './checker/read-run.ts';
import { plainKafka, topicPrefix } from './kafka-client.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import { bounded } from './wait.ts';

export type PlanterOptions = { readonly brokers: string; readonly recorder: Recorder; readonly random: Random };

type Topic = Planted['topic'];
type Poison = {
  readonly cause: string;
  readonly key: string;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
};

const sendLimitMs = 5_000;

export class Planter {
  readonly #options: PlanterOptions;
  #count = 0;

  constructor(options: PlanterOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** So many on each of both topics; false where the log did not take them, or did not say so. */
  poison(count: number): Promise<boolean> {
    return this.#send((topic) => Array.from({ length: count }, () => this.#note(topic, this.#poison(topic))));
  }

  /** Decisions about transactions that do not exist, and openings of such. */
  unknown(count: number): Promise<boolean> {
    return this.#send((topic) =>
      Array.from({ length: count }, () => {
        const id = this.#id();
        return this.#note(topic, { cause: 'unknown_transaction', ...this.#valid(topic, id) }, id);
      }),
    );
  }

  async #send(make: (topic: Topic) => readonly Message[]): Promise<boolean> {
    const producer = plainKafka(this.#options.brokers).producer();
    const sending = async (): Promise<void> => {
      await producer.connect();
      for (const topic of ['transactions', 'decisions'] as const)
        await producer.send({ topic: `${topicPrefix}${topic}`, messages: [...make(topic)] });
    };
    try {
      await bounded(sendLimitMs, 'planting', sending());
      return true;
    } catch {
      return false; // The log is away: what was noted is looked for on the log, and only what is there counts.
    } finally {
      void producer.disconnect().catch(() => undefined);
    }
  }

  #note(topic: Topic, { cause, key, value, headers }: Poison, unknownId?: string): Message {
    this.#count += 1;
    const chaosId = `${topic}-${this.#count}`;
    const digest = value === null ? null : createHash('sha1').update(value).digest('base64');
    const planted: Planted = { chaosId, topic, cause, digest, ...(unknownId === undefined ? {} : { unknownId }) };
    this.#options.recorder.add(files.planted, planted);
    return { key, value, headers: { ...headers, [chaosHeader]: chaosId } };
  }

  #poison(topic: Topic): Poison {
    const { random } = this.#options;
    const { key, value, headers } = this.#valid(topic, this.#id());
    const kinds: readonly [Poison, ...Poison[]] = [
      { cause: 'tombstone', key, value: null, headers },
      { cause: 'bad_json', key, value: value.slice(0, -1), headers },
      { cause: 'bad_json', key, value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers },
      { cause: 'too_large', key, value: `{"padding":"${'x'.repeat(70_000)}"}`, headers },
      { cause: 'forbidden_key', key, value: value.replace('{', '{"__proto__":{},'), headers },
      { cause: 'bad_headers', key, value, headers: {} },
      { cause: 'unknown_type', key, value, headers: { ...headers, ce_type: 'verdict.transaction.imagined.v1' } },
      {
        cause: 'unknown_version',
        key,
        value,
        headers: { ...headers, ce_type: (headers['ce_type'] ?? '').replace('.v1', '.v9') },
      },
      { cause: 'bad_schema', key, value: '{}', headers },
      { cause: 'key_mismatch', key: random.uuid(), value, headers },
    ];
    return random.pick(kinds);
  }

  /** As Verdict itself would write it. */
  #valid(
    topic: Topic,
    id: string,
  ): { readonly key: string; readonly value: string; readonly headers: Record<string, string> } {
    const { random } = this.#options;
    const now = new Date().toISOString();
    const opened = topic === 'transactions';
    const value = opened
      ? {
          ...{
            id,
            clientId: 'acme',
            debitAccountId: random.uuid(),
            creditAccountId: random.uuid(),
            digits: 2,
            currency: null,
          },
          ...{ transferType: { id: 1, name: 'TRANSFER' }, amountMinor: '100', createdAt: now, decideBy: now },
        }
      : { transactionId: id, outcome: 'APPROVED', reasons: [], ruleset: '2026-11-01', decidedAt: now };
    const [kind, source] = opened ? ['opened', 'front-door'] : ['decision', 'anti-fraud'];
    const headers = {
      ...{
        ce_specversion: '1.0',
        ce_id: `${id}/${kind}/0`,
        ce_source: `/verdict/${source}`,
        ce_time: now,
        ce_subject: id,
      },
      ...{
        ce_type: opened ? 'verdict.transaction.opened.v1' : 'verdict.decision.made.v1',
        'content-type': 'application/json',
      },
    };
    return { key: id, value: JSON.stringify(value), headers };
  }

  /** A UUID of version 7, of now, that no front door made. */
  #id(): string {
    const time = Date.now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${this.#options.random.uuid().slice(15)}`;
  }
}
