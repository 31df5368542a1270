/**
 * Writes Kafka's primitives one behind the other into one growing buffer. A length that stands before bytes is guessed from the characters and set right afterwards,
 * so that no text is measured before it is written.
 */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(capacity, 64));
  }

  get at(): number {
    return this.#at;
  }

  /** What was written so far; good until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  int8(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  int16(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int64(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeBigInt64BE(BigInt(value), this.#at);
  }

  /** Leaves four bytes open, to be set by `setUint32`. */
  skip32(): number {
    this.#room(4);
    this.#at += 4;
    return this.#at - 4;
  }

  setUint32(place: number, value: number): void {
    this.#bytes.writeUInt32BE(value, place);
  }

  /** A length of 16 bits and UTF-8. */
  string(text: string): void {
    this.int16(Buffer.byteLength(text));
    this.#room(3 * text.length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Of 32 bits, zigzag. */
  varint(value: number): void {
    this.#room(varintBytes);
    this.#at = this.#putVarint(this.#at, value);
  }

  /** A varint length and the bytes; -1 for null. */
  varBytes(value: string | Buffer | null): void {
    if (value === null) this.varint(-1);
    else if (typeof value === 'string') this.#varText(value);
    else {
      this.#room(varintBytes + value.length);
      this.#at = this.#putVarint(this.#at, value.length);
      this.#bytes.set(value, this.#at);
      this.#at += value.length;
    }
  }

  /** Opens a stretch that begins with its own length as a varint; `guess` is the length that is likely. The answer is for `close`. */
  open(guess: number): number {
    this.#room(varintBytes);
    this.#at += sizeOfVarint(guess);
    return this.#at;
  }

  /** Answers the length of the stretch. */
  close(start: number, guess: number): number {
    const length = this.#at - start;
    this.#settle(start, guess, length);
    return length;
  }

  #varText(text: string): void {
    const { length } = text;
    this.#room(varintBytes + 3 * length);
    const start = this.#at + sizeOfVarint(length);
    const bytes = length <= shortText ? this.#putShort(text, start) : this.#bytes.write(text, start);
    this.#at = start + bytes;
    this.#settle(start, length, bytes);
  }

  /** A call into the runtime costs as much as a loop over some thirty characters, and headers are shorter. */
  #putShort(text: string, start: number): number {
    const bytes = this.#bytes;
    const { length } = text;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return bytes.write(text, start);
      bytes[start + index] = code;
    }
    return length;
  }

  /** Sets the length before a stretch that ends here, and moves the stretch where the guess left too much or too little room. */
  #settle(start: number, guess: number, length: number): void {
    const shift = sizeOfVarint(length) - sizeOfVarint(guess);
    if (shift !== 0) {
      this.#room(varintBytes);
      this.#bytes.copyWithin(start + shift, start, this.#at);
      this.#at += shift;
    }
    this.#putVarint(start - sizeOfVarint(guess), length);
  }

  #putVarint(place: number, value: number): number {
    const bytes = this.#bytes;
    let rest = (value << 1) ^ (value >> 31);
    let at = place;
    while ((rest & ~0x7f) !== 0) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    return at;
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

const varintBytes = 5;
const shortText = 40;

/** Of a length, so never of a negative number. */
function sizeOfVarint(value: number): number {
  return value < 0x40 ? 1 : value < 0x2000 ? 2 : value < 0x10_0000 ? 3 : value < 0x800_0000 ? 4 : 5;
}
