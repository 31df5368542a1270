/** The lives of the log: what is on it is written down before each wipe and at the end, because nobody can ask a log that is gone. */
import type { Services } from '../tools/services/start-services.ts';
import { files, recordsFile } from './checker/read-run.ts';
import { readLog } from './read-log.ts';
import type { Recorder } from './recorder.ts';

export class Epochs {
  readonly #recorder: Recorder;
  readonly #services: Services;
  #number = 0;
  #startMs = Date.now();
  #wiping = false;

  constructor(recorder: Recorder, services: Services) {
    this.#recorder = recorder;
    this.#services = services;
  }

  /** Undefined while the log is being wiped: nothing that is asked then means anything. */
  get current(): number | undefined {
    return this.#wiping ? undefined : this.#number;
  }

  /** Of the log, or of the log and Redis at the same time. */
  async wipe(withRedis: boolean): Promise<void> {
    this.#wiping = true;
    try {
      await this.#keep(beforeWipeMs).catch((error: unknown) => {
        console.log(`log ${this.#number} was not read before its wipe: ${String(error)}`);
        this.#recorder.add(files.epochs, { number: this.#number, startMs: this.#startMs });
      });
      this.#recorder.add(files.wipes, { what: 'kafka', atMs: Date.now() });
      await Promise.all([this.#services.wipe('kafka'), withRedis ? this.flush() : Promise.resolve()]);
      this.#number += 1;
      this.#startMs = Date.now();
    } finally {
      this.#wiping = false;
    }
  }

  async flush(): Promise<void> {
    this.#recorder.add(files.wipes, { what: 'redis', atMs: Date.now() });
    await this.#services.wipe('redis');
  }

  /** The last life, when the run is over. */
  async close(): Promise<void> {
    await this.#keep(atEndMs);
  }

  async #keep(limitMs: number): Promise<void> {
    const records = await readLog(this.#services.env.KAFKA_BROKERS, limitMs);
    for (const record of records) this.#recorder.add(recordsFile(this.#number), record);
    this.#recorder.add(files.epochs, { number: this.#number, startMs: this.#startMs });
  }
}

const beforeWipeMs = 15_000;
const atEndMs = 60_000;
