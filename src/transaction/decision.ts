/** What the anti-fraud rules, or the deadline in their place, said about one transaction. */
export type Decision = {
  readonly outcome: 'APPROVED' | 'REJECTED';
  /** Reason codes, upper case with underscores. The rules give none where they approve; the deadline gives its own whatever the policy. */
  readonly reasons: readonly string[];
  /** The version of the ruleset that decided; null where the deadline did. */
  readonly ruleset: string | null;
  readonly decidedBy: 'RULES' | 'DEADLINE';
  /** Milliseconds since the Unix epoch. */
  readonly decidedAt: number;
};
