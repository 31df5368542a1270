/**
 * One open event stream. It takes no more than its socket takes: whoever feeds it waits for `send`, and a socket that stays full
 * for `stalledMs` is cut, for its client can resume. What has been sent, and up to where, is known at every moment.
 */
import type { ServerResponse } from 'node:http';

import type { JournalCursor } from '../../persistence/cursor.ts';
import { compareCursors } from '../../persistence/cursor.ts';
import type { Clock } from '../../platform/clock.ts';
import { heartbeatFrame, idFrame } from './frames.ts';

export type SessionOptions = {
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly formatCursor: (cursor: JournalCursor) => string;
  readonly heartbeatMs: number;
  readonly stalledMs: number;
  /** Ends every session of the process. */
  readonly closing: AbortSignal;
  readonly onCut: () => void;
};

export class SseSession {
  readonly #options: SessionOptions;
  readonly #ended = new AbortController();
  #position: JournalCursor;
  #sentId = '';

  constructor(options: SessionOptions, position: JournalCursor) {
    this.#options = options;
    this.#position = position;
    const { response, closing } = options;
    const end = (): void => this.#ended.abort();
    closing.addEventListener('abort', end, { once: true });
    response.once('close', () => {
      closing.removeEventListener('abort', end);
      end();
    });
    if (closing.aborted || response.destroyed) end();
  }

  /** Aborts when the client has left, was cut, or the process closes. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Writes and waits until the socket has room again. With a position, everything up to it has been said. */
  async send(text: string, position?: JournalCursor): Promise<void> {
    const { response } = this.#options;
    if (this.signal.aborted) return;
    const room = text === '' || response.write(text);
    if (position !== undefined) this.moveTo(position);
    if (!room) await this.#drained();
  }

  /** Says where the stream is, for a client that leaves before the next frame. */
  async sendPosition(): Promise<void> {
    const id = this.#options.formatCursor(this.#position);
    if (id === this.#sentId) return;
    this.#sentId = id;
    await this.send(idFrame(id));
  }

  /** Positions never go back. */
  moveTo(position: JournalCursor): void {
    if (compareCursors(position, this.#position) > 0) this.#position = position;
  }

  /** Until the session ends. A full socket needs no heartbeat: it has something to read. */
  async beat(): Promise<void> {
    const { clock, heartbeatMs, response } = this.#options;
    for (;;) {
      await clock.sleep(heartbeatMs, this.signal);
      if (this.signal.aborted) return;
      if (response.writableNeedDrain) continue;
      await this.send(heartbeatFrame);
      await this.sendPosition();
    }
  }

  /** Ends the answer; the client comes back after its `retry`. */
  end(): void {
    this.#options.response.end();
    this.#ended.abort();
  }

  async #drained(): Promise<void> {
    const { response, clock, stalledMs, onCut } = this.#options;
    const drained = new AbortController();
    const wake = (): void => drained.abort();
    response.once('drain', wake).once('close', wake);
    await clock.sleep(stalledMs, drained.signal);
    response.off('drain', wake).off('close', wake);
    if (drained.signal.aborted) return;
    onCut();
    response.destroy();
    this.#ended.abort();
  }
}
