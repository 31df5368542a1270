/** Cuts a stream of Kafka's protocol into its frames, each with its four bytes of length, and knows which request each answer belongs to. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are whole now. */
  take(chunk: Buffer): readonly Buffer[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      const length = 4 + bytes.readInt32BE(0);
      frames.push(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
    this.#rest = bytes;
    return frames;
  }
}

export const apiKeys = { produce: 0, metadata: 3, findCoordinator: 10 } as const;

/** Size, API key, API version, correlation id. */
export function readRequest(frame: Buffer): { readonly apiKey: number; readonly correlationId: number } {
  return { apiKey: frame.readInt16BE(4), correlationId: frame.readInt32BE(8) };
}

export function correlationIdOf(answer: Buffer): number {
  return answer.readInt32BE(4);
}

/** Brokers tell where they are; clients are to come back through the proxy, so the port behind each mention of the host becomes the proxy's. */
export function redirected(answer: Buffer, ports: { readonly from: number; readonly to: number }): Buffer {
  const copy = Buffer.from(answer);
  const host = Buffer.from('127.0.0.1');
  for (let at = copy.indexOf(host); at >= 0; at = copy.indexOf(host, at + host.length)) {
    const port = at + host.length;
    if (port + 4 <= copy.length && copy.readInt32BE(port) === ports.from) copy.writeInt32BE(ports.to, port);
  }
  return copy;
}
