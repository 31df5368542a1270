/**
 * What becomes of an actor in which something failed: try the message again, forget what it knew, or drop it.
 * Every message may be handled twice (each commit is guarded by a version or a key), so retrying asks only whether the world may have changed.
 */
import type { FailureCode } from '../platform/failure.ts';
import { Failure } from '../platform/failure.ts';

export type Directive =
  | { readonly type: 'retry'; readonly pauseMs: number }
  /** The state is forgotten and the caller gets the failure. */
  | { readonly type: 'reset' }
  /** A bug: the actor is dropped with all that waits in its mailbox, and the error surfaces. */
  | { readonly type: 'stop' };

export type SupervisionOptions = {
  /** Times that one message is handled at the most. */
  readonly triesMax: number;
  /** Before a message is handled again after an outage: about what a connection takes to come back. */
  readonly pauseMs: number;
};

/** A full queue gets no second try from inside: that would answer load with load. */
const pauses: Partial<Record<FailureCode, (options: SupervisionOptions) => number>> = {
  version_conflict: () => 0,
  database_unavailable: ({ pauseMs }) => pauseMs,
};

export function supervise(error: unknown, tries: number, options: SupervisionOptions): Directive {
  if (!(error instanceof Failure)) return { type: 'stop' };
  const pause = pauses[error.code];
  return pause === undefined || tries >= options.triesMax
    ? { type: 'reset' }
    : { type: 'retry', pauseMs: pause(options) };
}
