/** What a prune may remove is bounded from below by everything that may still speak of a transaction, so that none of it meets one that is gone. */
import type { Config } from './schema.ts';

/** Kafka deletes whole segments, which by its default take in records for seven days before their retention begins. */
const segmentMs = 7 * 86_400_000;

export function pruneProblems({ roles, prune, eventLog, expire, keyStore }: Config): readonly string[] {
  if (!roles.includes('prune')) {
    return prune.dryRun ? ['prune.dryRun (--dry-run) is for the role prune alone'] : [];
  }
  const { olderThanMs } = prune;
  if (olderThanMs === null) {
    return ['role prune needs an age: give --older-than 90d, or set VERDICT_PRUNE_OLDER_THAN_MS'];
  }
  if (eventLog.retentionMs < 0) {
    return [
      'role prune needs an event log that forgets, and eventLog.retentionMs is -1: a decision that is delivered again would find its transaction gone',
    ];
  }
  const tooShort = (limitMs: number, why: string): readonly string[] =>
    olderThanMs > limitMs ? [] : [`prune.olderThanMs must be above ${limitMs}, ${why}; it is ${olderThanMs}`];
  return [
    ...tooShort(
      eventLog.retentionMs + segmentMs,
      'eventLog.retentionMs and a week: a decision that is delivered again must find its transaction',
    ),
    ...tooShort(keyStore.idempotencyTtlMs, 'keyStore.idempotencyTtlMs: an answer must not outlive its transaction'),
    ...tooShort(expire.decideWithinMs, 'expire.decideWithinMs: what is older must be terminal'),
  ];
}
