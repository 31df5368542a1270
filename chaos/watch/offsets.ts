/** Asks every second how far each group has committed, and then where the topics end: whatever was committed must have had its effect by then. */
import type { Admin } from 'kafkajs';
import type { GroupName, OffsetSample, TopicName } from '../checker/evidence.ts';
import { files } from '../checker/read-run.ts';
import type { Epochs } from '../epochs.ts';
import { groups, plainKafka, topicPrefix } from '../kafka-client.ts';
import type { Recorder } from '../recorder.ts';
import { bounded, sleep } from '../wait.ts';

export type OffsetsOptions = { readonly brokers: string; readonly epochs: Epochs; readonly recorder: Recorder };

const everyMs = 1_000;
const answerLimitMs = 4_000;

export class Offsets implements AsyncDisposable {
  readonly #options: OffsetsOptions;
  readonly #ending = new AbortController();
  readonly #sampling: Promise<void>;
  #admin: Admin | undefined;

  constructor(options: OffsetsOptions) {
    this.#options = options;
    this.#sampling = this.#run();
  }

  /** Records that the groups have not committed yet; undefined where the log does not say. */
  async lag(): Promise<number | undefined> {
    try {
      const samples = await this.#sample();
      return samples.reduce((sum, sample) => sum + lagOf(sample), 0);
    } catch {
      await this.#drop();
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#sampling;
    await this.#drop();
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await this.lag();
      await sleep(everyMs, this.#ending.signal);
    }
  }

  async #sample(): Promise<readonly OffsetSample[]> {
    const { epochs, recorder } = this.#options;
    const epoch = epochs.current;
    if (epoch === undefined) return [];
    const samples: OffsetSample[] = [];
    for (const group of ['anti-fraud', 'settlement'] as const) {
      const asked = await bounded(answerLimitMs, 'asking for offsets', this.#ask(group));
      samples.push({ epoch, group, ...asked });
    }
    // Of two logs at once nothing can be said.
    if (epochs.current !== epoch) return [];
    for (const sample of samples) recorder.add(files.samples, sample);
    return samples;
  }

  async #ask(group: GroupName): Promise<Pick<OffsetSample, 'atMs' | 'committed' | 'ends'>> {
    const admin = await this.#connected();
    const topic = topicOf(group);
    const [answer] = await admin.fetchOffsets({ groupId: groups[group], topics: [`${topicPrefix}${topic}`] });
    const atMs = Date.now();
    const committed: number[] = [];
    for (const { partition, offset } of answer?.partitions ?? []) committed[partition] = Number(offset);
    const ends: Partial<Record<TopicName, readonly number[]>> = {};
    for (const each of ['transactions', 'decisions', `${topic}.dead`] as const) {
      const of: number[] = [];
      for (const { partition, high } of await admin.fetchTopicOffsets(`${topicPrefix}${each}`))
        of[partition] = Number(high);
      ends[each] = of;
    }
    return { atMs, committed, ends };
  }

  async #connected(): Promise<Admin> {
    if (this.#admin !== undefined) return this.#admin;
    const admin = plainKafka(this.#options.brokers).admin();
    await admin.connect();
    this.#admin = admin;
    return admin;
  }

  async #drop(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await bounded(1_000, 'leaving', admin?.disconnect() ?? Promise.resolve()).catch(() => undefined);
  }
}

function topicOf(group: GroupName): 'transactions' | 'decisions' {
  return group === 'anti-fraud' ? 'transactions' : 'decisions';
}

function lagOf({ group, committed, ends }: OffsetSample): number {
  return (ends[topicOf(group)] ?? []).reduce(
    (sum, end, partition) => sum + (end === 0 ? 0 : end - Math.max(0, committed[partition] ?? 0)),
    0,
  );
}
