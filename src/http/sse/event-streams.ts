/** Answers a request with an event stream: greets, feeds the session from the journal, beats, and gives everything back when it ends. */
import type { Api, JournalBatch } from '../api.ts';
import type { Context } from '../context.ts';
import type { HttpMetrics } from '../http-metrics.ts';
import type { HttpLog } from '../log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';
import type { JournalCursor } from '../../persistence/cursor.ts';
import type { JournalEntry } from '../../persistence/statements.ts';
import type { ClientId } from '../../transaction/ids.ts';
import { Failure } from '../../platform/failure.ts';
import type { FrameRenderer } from './frames.ts';
import { frameRenderer, retryFrame } from './frames.ts';
import type { Seat, SeatLimits } from './seats.ts';
import { Seats } from './seats.ts';
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
  /** The stream ends after this entry. */
  readonly isLast: (entry: JournalEntry) => boolean;
};

/** Written to the socket at once at the most, so that a slow client gets its whole `stalledMs` for each. */
const chunkChars = 65_536;

export class EventStreams {
  readonly #options: StreamOptions;
  readonly #seats: Seats;
  readonly #render: FrameRenderer;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#render = frameRenderer(options.api.formatCursor);
    this.#seats = new Seats(options.sse, (taken) => options.metrics.streamsOpen(taken));
  }

  /** Before anything is asked on the client's behalf; throws a Problem where there is no room. */
  take(clientId: ClientId): Seat {
    return this.#seats.take(clientId);
  }

  /** Resolves when the stream has ended, for whatever reason. */
  async run(context: Context, plan: StreamPlan): Promise<void> {
    describeStream(context);
    if (context.method === 'HEAD') return;
    const session = this.#openSession(context, plan.position);
    const beating = session.beat();
    try {
      await session.send(retryFrame(this.#retryMs()));
      if (plan.announcePosition) await session.sendPosition();
      const over = await this.#feed(session, plan, { entries: plan.past, cursor: plan.followFrom });
      if (!over) await this.#follow(session, plan);
    } catch (error) {
      this.#report(context, error);
    } finally {
      session.end();
      await beating;
    }
  }

  async #follow(session: SseSession, plan: StreamPlan): Promise<void> {
    for await (const batch of this.#options.api.follow(plan.followFrom, session.signal)) {
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

  #openSession(context: Context, position: JournalCursor): SseSession {
    const { clock, api, sse, closing, metrics } = this.#options;
    const { res: response } = context;
    context.respond = false;
    response.flushHeaders();
    const { heartbeatMs, stalledMs } = sse;
    const onCut = (): void => metrics.streamCut('stalled');
    const { formatCursor } = api;
    return new SseSession({ response, clock, formatCursor, heartbeatMs, stalledMs, closing, onCut }, position);
  }

  #retryMs(): number {
    const { sse, entropy } = this.#options;
    return Math.round(sse.retryMs * (1 + entropy.fraction()));
  }

  /** The answer has begun, so its end is all that the client can be told; it resumes. */
  #report(context: Context, error: unknown): void {
    const { log, metrics } = this.#options;
    const { requestId } = context.state;
    metrics.streamCut('failed');
    if (error instanceof Failure) log.warn({ requestId, code: error.code }, 'event stream failed');
    else log.error({ requestId, err: error }, 'event stream met a bug');
  }
}

function describeStream({ res: response }: Context): void {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  // Nginx would gather frames otherwise.
  response.setHeader('X-Accel-Buffering', 'no');
}
