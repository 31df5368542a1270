/** What a crowd of followers is told and asked. */
import type { Place } from '../../checker/cursor-id.ts';

export type Question =
  | {
      readonly type: 'follow';
      readonly url: string;
      readonly count: number;
      /** `/events`, `/events?status=REJECTED`, given in turn. */
      readonly paths: readonly string[];
      readonly lastEventId?: string;
      /** Nothing is read after the head of the answer. */
      readonly stalls: boolean;
      /** New connections in a second, so that the crowd comes and does not storm. */
      readonly perSecond: number;
    }
  /** Counts those that have been told of everything up to a place by frames. */
  | { readonly type: 'look'; readonly place?: Place }
  | { readonly type: 'transcripts' };

export type Look = {
  readonly open: number;
  readonly connections: number;
  readonly refusals: number;
  readonly frames: number;
  /** Of the one that has heard least. */
  readonly heartbeatsMin: number;
  /** Those that have a frame of that place or one behind it. */
  readonly reached: number;
};

/** What one follower was shown, over all its connections. */
export type Transcript = {
  readonly path: string;
  readonly firstId: string;
  readonly lastId: string;
  /** The ids of its frames, in the order in which they came. */
  readonly ids: readonly string[];
  readonly refusals: readonly string[];
  /** Of its last connection; 0 where there was none. */
  readonly localPort: number;
};
