/** A versioned set of rules as it is written down: each rule names, in CEL, when it rejects, and the reason it gives. */
import { Type } from 'typebox';

import type { Static } from 'typebox';

/** Reasons that Verdict gives itself. */
export const ownReasons = ['RULE_FAULT', 'DECISION_DEADLINE_EXCEEDED'] as const;

const ruleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    /** CEL over the facts, of type bool. */
    when: Type.String({ minLength: 1, maxLength: 2000 }),
    reason: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,62}$' }),
    description: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false },
);

export const rulesetSchema = Type.Object(
  {
    /** A date, and a number where there are several of a day. It only names and sorts: the newest judges as soon as it is loaded. */
    version: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}(\\.[1-9]\\d{0,2})?$' }),
    /** Every rule runs for every transaction, at about half a microsecond each. All their reasons and RULE_FAULT fit into one decision, which takes 100. */
    rules: Type.Array(ruleSchema, { maxItems: 99 }),
  },
  { additionalProperties: false },
);

export type WrittenRuleset = Static<typeof rulesetSchema>;
