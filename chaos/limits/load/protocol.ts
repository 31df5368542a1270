/** What an open loop is told, and what it has seen. */
import type { Latencies } from '../../../bench/load/protocol.ts';

export type Question =
  | { readonly type: 'connect'; readonly url: string; readonly sockets: number }
  | {
      readonly type: 'offer';
      readonly perSecond: number;
      readonly seconds: number;
      /** How long answers are waited for when the last request was due. */
      readonly drainMaxMs: number;
      /** Where the key of each request and the id of each 201 are written down; nowhere without it. */
      readonly keepIn?: string;
    };

export type Offered = {
  /** Requests that were due. */
  readonly due: number;
  /** Due while every socket was waiting for an answer, and therefore never sent. */
  readonly withheld: number;
  /** All answers by status; `0` is a broken connection. */
  readonly answers: Readonly<Record<string, number>>;
  /** 201s that arrived while requests were still becoming due. */
  readonly inTime: number;
  /** 503s that did not say when to come back. */
  readonly speechless: number;
  /** Sent and not answered when the drain was over. */
  readonly unanswered: number;
  /** Of the 201s. */
  readonly latencies: Latencies;
  /** Of the 503s. */
  readonly refusals: Latencies;
  /** 201s in each second of the offer. */
  readonly bySecond: readonly number[];
};
