/**
 * One kept-alive HTTP/1.1 connection with one request on it at a time: no more of a client than a load needs, so that it takes little of the machine
 * that it measures. Answers must carry a Content-Length.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** The head is the status line and the headers as they came; a status of 0 is a connection that broke. */
export type Answer = { readonly status: number; readonly head: string; readonly body: string };

export class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: PromiseWithResolvers<Answer> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => undefined); // `close` follows.
    socket.on('close', () => this.#waiting?.resolve({ status: 0, head: '', body: 'the connection was closed' }));
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  get broken(): boolean {
    return this.#socket.destroyed;
  }

  ask(request: string): Promise<Answer> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request, 'latin1');
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = contentLength(head);
    const end = headEnd + 4 + length;
    if (this.#received.length < end) return;
    const answer = { status: Number(head.slice(9, 12)), head, body: this.#received.slice(headEnd + 4, end) };
    this.#received = this.#received.slice(end);
    this.#waiting?.resolve(answer);
  }
}

function contentLength(head: string): number {
  const found = /\r\ncontent-length: (\d+)/i.exec(head);
  if (found === null) throw new Error(`an answer without a Content-Length: ${head}`);
  return Number(found[1]);
}
