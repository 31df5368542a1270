/** Answers a request with an event stream: greets, feeds the session from the journal, beats, and gives everything back when it ends. */
import type { ServerResponse } from 'node:http';

import type { Api, JournalBatch } from '../api.ts';
import type { Context } from '../context.ts';
import type { HttpMetrics } from '../http-metrics.ts';
import type { HttpLog } from '../log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';
import type { JournalCursor } from '../../persistence/cursor.ts';
import type { JournalEntry } from '../../persistence/statements.ts';
import type { AccountId, ClientId, TransactionId } from '../../transaction/ids.ts';
import { Failure } from '../../platform/failure.ts';
import type { FrameRenderer } from './frames.ts';
import { frameRenderer, retryFrame } from './frames.ts';
import { Heartbeats } from './heartbeats.ts';
import type { Seat, SeatLimits } from './seats.ts';
import { Seats } from './seats.ts';
import type { SessionOptions } from './session.ts';
import { SseSession } from './session.ts';

export type SseLimits = SeatLimits & {
  readonly heartbeatMs: number;
  /** Clients are told to come back after this and up to as much again, so that they do not all come at once. */
  readonly retryMs: number;
  /** A socket that takes nothing for so long is cut. */
  readonly stalledMs: number;
};

export type StreamOptions = {
  readonly api: Api;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: HttpLog;
  readonly metrics: HttpMetrics;
  readonly sse: SseLimits;
  readonly closing: AbortSignal;
};

export type StreamPlan = {
  /** Where the session stands before its first frame: nothing that it is still to be told lies before. */
  readonly position: JournalCursor;
  /** False where a client that leaves at once had better start over. */
  readonly announcePosition: boolean;
  /** What has happened already, then what happens, each in the journal's order. */
  readonly past: readonly JournalEntry[];
  readonly followFrom: JournalCursor;
  readonly passes: (entry: JournalEntry) => boolean;
  /** Whatever passes touches this. */
  readonly touching: TransactionId | AccountId | ClientId;
  /** The stream ends after this entry. */
  readonly isLast: (entry: JournalEntry) => boolean;
};

/** Written to the socket at once at the most, so that a slow client gets its whole `stalledMs` for each. */
const chunkChars = 65_536;

export class EventStreams {
  readonly #options: StreamOptions;
  readonly #seats: Seats;
  readonly #render: FrameRenderer;
  readonly #heartbeats: Heartbeats;
  readonly #session: SessionOptions;
  readonly #open = new Set<SseSession>();

  constructor(options: StreamOptions) {
    const { api, clock, closing, metrics, sse } = options;
    this.#options = options;
    this.#render = frameRenderer(api.formatCursor);
    this.#seats = new Seats(sse, (taken) => metrics.streamsOpen(taken));
    this.#heartbeats = new Heartbeats({ clock, closing, periodMs: sse.heartbeatMs });
    const onCut = (): void => metrics.streamCut('stalled');
    this.#session = { clock, formatCursor: api.formatCursor, stalledMs: sse.stalledMs, onCut };
    closing.addEventListener('abort', () => this.#open.forEach((session) => session.end()), { once: true });
  }

  /** Before anything is asked on the client's behalf; throws a Problem where there is no room. */
  take(clientId: ClientId): Seat {
    return this.#seats.take(clientId);
  }

  /**
   * Begins the answer and returns: the stream goes on by itself, keeps the seat, and ends for whatever reason. What led to it (a context, a chain of middleware that waits)
   * would be some 10 KB for as long as the client listens.
   */
  begin(context: Context, plan: StreamPlan, seat: Disposable): void {
    const { res: response, method, state } = context;
    describeStream(response);
    if (method === 'HEAD') return seat[Symbol.dispose]();
    context.respond = false;
    response.flushHeaders();
    const session = new SseSession(this.#session, response, plan.position);
    void this.#run(session, plan, state.requestId).finally(() => seat[Symbol.dispose]());
  }

  /** Never rejects. */
  async #run(session: SseSession, plan: StreamPlan, requestId: string): Promise<void> {
    this.#open.add(session);
    this.#heartbeats.add(session);
    try {
      if (this.#options.closing.aborted) return;
      await session.send(retryFrame(this.#retryMs()));
      if (plan.announcePosition) await session.sendPosition();
      const over = await this.#feed(session, plan, { entries: plan.past, cursor: plan.followFrom });
      if (!over) await this.#follow(session, plan);
    } catch (error) {
      this.#report(requestId, error);
    } finally {
      this.#open.delete(session);
      this.#heartbeats.delete(session);
      session.end();
    }
  }

  async #follow(session: SseSession, plan: StreamPlan): Promise<void> {
    const { passes, touching } = plan;
    const interest = { passes, touching, passedOver: (upTo: JournalCursor) => session.moveTo(upTo) };
    for await (const batch of this.#options.api.follow(plan.followFrom, session.signal, interest)) {
      if (session.signal.aborted || (await this.#feed(session, plan, batch))) return;
    }
  }

  /** True once the last entry was sent or nobody is there any more. */
  async #feed(session: SseSession, plan: StreamPlan, { entries, cursor }: JournalBatch): Promise<boolean> {
    let text = '';
    for (const entry of entries) {
      if (!plan.passes(entry)) continue;
      text += this.#render(entry);
      this.#options.metrics.frameSent();
      const last = plan.isLast(entry);
      if (!last && text.length < chunkChars) continue;
      await session.send(text, entry.cursor);
      if (last || session.signal.aborted) return true;
      text = '';
    }
    await session.send(text, cursor);
    return session.signal.aborted;
  }

  #retryMs(): number {
    const { sse, entropy } = this.#options;
    return Math.round(sse.retryMs * (1 + entropy.fraction()));
  }

  /** The answer has begun, so its end is all that the client can be told; it resumes. */
  #report(requestId: string, error: unknown): void {
    const { log, metrics } = this.#options;
    metrics.streamCut('failed');
    if (error instanceof Failure) log.warn({ requestId, code: error.code }, 'event stream failed');
    else log.error({ requestId, err: error }, 'event stream met a bug');
  }
}

function describeStream(response: ServerResponse): void {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  // Nginx would gather frames otherwise.
  response.setHeader('X-Accel-Buffering', 'no');
}
