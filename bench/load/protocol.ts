/** What a bench and its load generator say to each other, over the channel of a forked process. */

export type Target = {
  /** `http://127.0.0.1:<port>`, asked at `POST /transactions` and `GET /transactions/:id`. */
  readonly url: string;
  /** Further front doors of the same service: connections are spread over all of them. */
  readonly others?: readonly string[];
  /** `/events…`: tells each decision once, with the transaction's id in its data. Undefined where nothing is decided. */
  readonly decisions: string | undefined;
};

export type Phase =
  /** Each connection posts again when it is answered. */
  | { readonly type: 'closed'; readonly connections: number; readonly seconds: number }
  /** Posts at moments that were fixed before, answered or not; latency counts from those moments. */
  | {
      readonly type: 'open';
      readonly rate: number;
      readonly seconds: number;
      /** Where the rate was not chosen but found. */
      readonly of?: 'half of peak';
    }
  /** Each connection reads what was accepted, one transaction after another, while others post at a rate, or nobody where it is 0. */
  | {
      readonly type: 'reads';
      readonly connections: number;
      readonly writesPerSecond: number;
      readonly seconds: number;
    };

export type LoadRequest =
  | { readonly type: 'connect'; readonly target: Target }
  /** Goes through the phase, then waits until everything that was accepted is decided. */
  | { readonly type: 'phase'; readonly phase: Phase; readonly drainMaxMs: number }
  | { readonly type: 'close' };

export type LoadReply =
  | { readonly type: 'connected' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'result'; readonly result: PhaseResult };

export type PhaseResult = {
  readonly accepted: number;
  /** Answers other than 201 to a POST or 200 to a GET, by status; `0` is a broken connection. */
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
  /** From the sending of the POST, or the moment it was due, to its decision on the stream. */
  readonly decision: Latencies;
  readonly reads: number;
  readonly read: Latencies;
};

/** Milliseconds. */
export type Latencies = { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
