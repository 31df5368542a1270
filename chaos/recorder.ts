/** Writes down what happens, line by line, in the directory of the run. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { files } from './checker/read-run.ts';

export class Recorder implements AsyncDisposable {
  readonly directory: string;
  readonly #streams = new Map<string, WriteStream>();

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(join(directory, files.output), { recursive: true });
  }

  /** One more line of what is many. */
  add(file: string, line: object): void {
    this.#stream(file).write(`${JSON.stringify(line)}\n`);
  }

  write(file: string, value: unknown): void {
    writeFileSync(join(this.directory, file), typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));
  }

  /** All lines are on the disk when it resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    await Promise.all(
      streams.map(async (stream) => {
        stream.end();
        await once(stream, 'close');
      }),
    );
  }

  #stream(file: string): WriteStream {
    const open = this.#streams.get(file) ?? createWriteStream(join(this.directory, file), { flags: 'a' });
    this.#streams.set(file, open);
    return open;
  }
}
