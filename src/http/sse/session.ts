/**
 * One open event stream. It takes no more than its socket takes: whoever feeds it waits for `send`, and a socket that stays full
 * for `stalledMs` is cut, for its client can resume. What has been sent, and up to where, is known at every moment.
 */
import type { ServerResponse } from 'node:http';

import type { JournalCursor } from '../../persistence/cursor.ts';
import { compareCursors } from '../../persistence/cursor.ts';
import type { Clock } from '../../platform/clock.ts';
import { heartbeatFrame, idFrame } from './frames.ts';

/** What all sessions of a process share. */
export type SessionOptions = {
  readonly clock: Clock;
  readonly formatCursor: (cursor: JournalCursor) => string;
  readonly stalledMs: number;
  readonly onCut: () => void;
};

export class SseSession {
  readonly #options: SessionOptions;
  readonly #response: ServerResponse;
  readonly #ended = new AbortController();
  #position: JournalCursor;
  #sentId = '';

  constructor(options: SessionOptions, response: ServerResponse, position: JournalCursor) {
    this.#options = options;
    this.#response = response;
    this.#position = position;
    response.once('close', () => this.#ended.abort(null));
    if (response.destroyed) this.#ended.abort(null);
  }

  /** Aborts when the client has left, was cut, or the process closes. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Writes and waits until the socket has room again. With a position, everything up to it has been said. */
  async send(text: string, position?: JournalCursor): Promise<void> {
    if (this.signal.aborted) return;
    const room = text === '' || this.#response.write(text);
    if (position !== undefined) this.moveTo(position);
    if (!room) await this.#drained();
  }

  /** Says where the stream is, for a client that leaves before the next frame. */
  sendPosition(): Promise<void> {
    return this.send(this.#newIdFrame());
  }

  /** Positions never go back. */
  moveTo(position: JournalCursor): void {
    if (compareCursors(position, this.#position) > 0) this.#position = position;
  }

  /** A full socket needs no heartbeat: it has something to read. */
  beat(): void {
    if (!this.#response.writableNeedDrain) void this.send(heartbeatFrame + this.#newIdFrame());
  }

  /** Ends the answer; the client comes back after its `retry`. */
  end(): void {
    this.#response.end();
    this.#ended.abort(null);
  }

  /** Nothing where the client knows it. */
  #newIdFrame(): string {
    const id = this.#options.formatCursor(this.#position);
    if (id === this.#sentId) return '';
    this.#sentId = id;
    return idFrame(id);
  }

  async #drained(): Promise<void> {
    const { clock, stalledMs, onCut } = this.#options;
    const response = this.#response;
    const drained = new AbortController();
    const wake = (): void => drained.abort();
    response.once('drain', wake).once('close', wake);
    await clock.sleep(stalledMs, drained.signal);
    response.off('drain', wake).off('close', wake);
    if (drained.signal.aborted) return;
    onCut();
    response.destroy();
    this.#ended.abort(null);
  }
}
