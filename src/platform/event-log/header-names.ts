/** Reads the names of headers, which are the same in nearly every record: bytes that stood in the same place of the record before are compared, not decoded again. */
import type { ByteReader } from './byte-reader.ts';

type Name = { readonly start: number; readonly length: number; readonly text: string };

export class HeaderNames {
  readonly #bytes: Buffer;
  readonly #last: Name[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The reader stands before a name, and behind it afterwards; `index` counts the headers of its record. */
  read(reader: ByteReader, index: number): string {
    const length = Math.max(0, reader.varint());
    const start = reader.at;
    reader.moveTo(start + length);
    const last = this.#last[index];
    if (last !== undefined && last.length === length && this.#same(last.start, start, length)) return last.text;
    const text = this.#bytes.toString('utf8', start, start + length);
    if (index < placesMax) this.#last[index] = { start, length, text };
    return text;
  }

  #same(one: number, other: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let index = 0; index < length; index += 1) if (bytes[one + index] !== bytes[other + index]) return false;
    return true;
  }
}

/** More headers than any record of ours has. */
const placesMax = 32;
