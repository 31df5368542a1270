/** Watches the connections to a local port in the kernel's table while it is held: when bytes last moved on each, and when the server's end was closed. Linux only. */
import { readFileSync } from 'node:fs';

type Seen = { queued: number; movedAt: number; goneAt: number | undefined };

const everyMs = 250;
const established = '01';

export class SocketWatch implements Disposable {
  readonly #port: number;
  readonly #timer: NodeJS.Timeout;
  readonly #seen = new Map<number, Seen>();

  constructor(port: number) {
    this.#port = port;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** From the last byte that moved to the end of the connection that a client has from this port; undefined while it lasts. */
  cutMs(clientPort: number): number | undefined {
    const seen = this.#seen.get(clientPort);
    return seen?.goneAt === undefined ? undefined : seen.goneAt - seen.movedAt;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const queued = queuedByClient(readFileSync('/proc/net/tcp', 'utf8'), this.#port);
    for (const [port, bytes] of queued) {
      const seen = this.#seen.get(port) ?? { queued: -1, movedAt: now, goneAt: undefined };
      if (bytes !== seen.queued) seen.movedAt = now;
      seen.queued = bytes;
      this.#seen.set(port, seen);
    }
    for (const [port, seen] of this.#seen) if (!queued.has(port)) seen.goneAt ??= now;
  }
}

/** Bytes on their way, in the buffers of both ends, by the client's port; of connections whose server has not closed its end. */
export function queuedByClient(table: string, serverPort: number): ReadonlyMap<number, number> {
  const sockets = table.split('\n').slice(1).flatMap(readSocket);
  const open = sockets.filter(({ local, state }) => local === serverPort && state === established);
  const waiting = new Map(sockets.map(({ local, remote, toRead }) => [`${local} ${remote}`, toRead]));
  return new Map(
    open.map(({ remote, toSend }) => [remote, toSend + (waiting.get(`${remote} ${serverPort}`) ?? 0)] as const),
  );
}

type Socket = {
  readonly local: number;
  readonly remote: number;
  readonly state: string;
  readonly toSend: number;
  readonly toRead: number;
};

function readSocket(line: string): readonly Socket[] {
  const [, local = '', remote = '', state = '', queues = ''] = line.trim().split(/\s+/);
  if (queues === '') return [];
  const [toSend = '', toRead = ''] = queues.split(':');
  const hex = (text: string): number => Number.parseInt(text, 16);
  const port = (address: string): number => hex(address.split(':')[1] ?? '');
  return [{ local: port(local), remote: port(remote), state, toSend: hex(toSend), toRead: hex(toRead) }];
}
