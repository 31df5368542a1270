/**
 * Ids of events, made from what they are about, so that a repeat has the id of the first and is known as one. A re-sent opened event has an attempt of its own,
 * which its decision inherits: consumers that remember the first attempt, though the log that held it is gone, must not take it for a repeat.
 */
import type { TransactionId } from '../transaction/ids.ts';

/** `attempt` is 0 for the announcement, the time of the pass for a re-send. */
export function openedEventId(id: TransactionId, attempt: number): string {
  return `${id}/opened/${attempt}`;
}

export function decisionEventId(id: TransactionId, attempt: number): string {
  return `${id}/decision/${attempt}`;
}

export function settledEventId(id: TransactionId): string {
  return `${id}/settled/2`;
}

/** Undefined where the id is not of the shape that this file gives, or not of this transaction. */
export function attemptOf(eventId: string, id: TransactionId): number | undefined {
  if (!eventId.startsWith(`${id}/`)) return undefined;
  const match = /^(?:opened|decision|settled)\/(\d{1,15})$/.exec(eventId.slice(id.length + 1));
  return match === null ? undefined : Number(match[1]);
}
