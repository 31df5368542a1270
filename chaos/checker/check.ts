/** Holds a run against every clause. */
import type { Evidence } from './evidence.ts';
import { acknowledged } from './clauses/acknowledged.ts';
import { balanced } from './clauses/balanced.ts';
import { committedOffsets } from './clauses/committed-offsets.ts';
import { deadLetters } from './clauses/dead-letters.ts';
import { decided } from './clauses/decided.ts';
import { idempotent } from './clauses/idempotent.ts';
import { isolated } from './clauses/isolated.ts';
import { monotonicReads } from './clauses/monotonic-reads.ts';
import { noPhantom } from './clauses/no-phantom.ts';
import { noSecrets } from './clauses/no-secrets.ts';
import { recovered } from './clauses/recovered.ts';
import { streamed } from './clauses/streamed.ts';
import { versions } from './clauses/versions.ts';
import { wiped } from './clauses/wiped.ts';
import { known } from './known.ts';
import { timeline } from './timeline.ts';
import type { Clause, Violation } from './violation.ts';

export type Finding = Violation & { readonly timeline: readonly string[] };

export type Verdict = {
  readonly violations: readonly Violation[];
  /** The first few of each kind, with their story. */
  readonly findings: readonly Finding[];
  readonly tookMs: number;
};

export const clauses: Readonly<Record<string, Clause>> = {
  'I1 acknowledged': acknowledged,
  'I2 versions': versions,
  'I3 decided': decided,
  'I4 idempotent': idempotent,
  'I5 streamed': streamed,
  'I6 committed offsets': committedOffsets,
  'I7 dead letters': deadLetters,
  'I8 no phantom': noPhantom,
  'I9 isolated': isolated,
  'I11 recovered': recovered,
  'I12 monotonic reads': monotonicReads,
  'I13 balanced': balanced,
  'I14 no secrets': noSecrets,
  'I15 wiped': wiped,
};

const storiesPerKind = 2;

export function check(evidence: Evidence): Verdict {
  const began = performance.now();
  const all = known(evidence);
  const violations = Object.values(clauses).flatMap((clause) => [...clause(all)]);
  const kinds = Map.groupBy(violations, ({ clause, what }) => `${clause} ${what}`);
  const findings = [...kinds.values()].flatMap((ofKind) =>
    ofKind.slice(0, storiesPerKind).map((violation) => ({
      ...violation,
      timeline: violation.transactionId === undefined ? [] : timeline(all, violation.transactionId),
    })),
  );
  return { violations, findings, tookMs: Math.round(performance.now() - began) };
}
