/** Reads Kafka's primitives one behind the other. What lies past the end reads as zeros and empty bytes: who needs to know asks `left` first. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  moveTo(at: number): void {
    this.#at = at;
  }

  int8(): number {
    this.#at += 1;
    return this.#bytes.readInt8(this.#at - 1);
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  int64(): bigint {
    this.#at += 8;
    return this.#bytes.readBigInt64BE(this.#at - 8);
  }

  /** A length of 16 bits and UTF-8. */
  string(): string {
    const length = this.int16();
    return length < 0 ? '' : this.take(length).toString();
  }

  /** The next so many bytes; they share the memory of all. */
  take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A varint length and the bytes; null for -1. */
  varBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.take(length);
  }

  /** Of 32 bits, zigzag. */
  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] ?? 0;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f && shift < 35; shift += 7) {
      byte = bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** Of 64 bits, zigzag; exact up to 2^53, which is far more than any two timestamps lie apart. */
  varlong(): number {
    let value = 0;
    let factor = 1;
    let byte = 0;
    do {
      byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    } while (byte > 0x7f && factor <= 2 ** 63);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
