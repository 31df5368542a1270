/** What a bench and its load generator say to each other, over the channel of a forked process. */

export type Target = {
  /** `http://127.0.0.1:<port>`, asked at `POST /transactions`. */
  readonly url: string;
  /** `/events…`: tells each decision once, with the transaction's id in its data. Undefined where nothing is decided. */
  readonly decisions: string | undefined;
};

export type LoadRequest =
  | { readonly type: 'connect'; readonly target: Target; readonly connections: number }
  /** Posts for so long, then waits until everything that was accepted is decided. */
  | { readonly type: 'phase'; readonly seconds: number; readonly drainMaxMs: number }
  | { readonly type: 'close' };

export type LoadReply =
  | { readonly type: 'connected' }
  | { readonly type: 'failed'; readonly message: string }
  | ({ readonly type: 'phase' } & PhaseResult);

export type PhaseResult = {
  readonly accepted: number;
  /** Answers other than 201, by status; `0` is a broken connection. */
  readonly refused: Readonly<Record<string, number>>;
  readonly decided: number;
  /** Decisions told for something that was never accepted, or a second time. */
  readonly strays: number;
  /** Accepted and not seen decided when the drain was over. */
  readonly open: number;
  readonly postingMs: number;
  /** From the first request to the last decision. */
  readonly decidedMs: number;
  readonly post: Latencies;
  /** From the sending of the POST to its decision on the stream. */
  readonly decision: Latencies;
};

/** Milliseconds. */
export type Latencies = { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
