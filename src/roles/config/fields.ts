/** The kinds of value that a configuration key can hold, as JSON Schema. Every one carries a description: its unit, and why its limit is where it is. */
import { Type } from 'typebox';

import type { TInteger, TString, TUnsafe } from 'typebox';

export type FieldNotes = {
  readonly description: string;
  /** What is allowed, in words, where the schema alone would not be clear to an operator. */
  readonly allowed?: string;
  /** The value is never printed. */
  readonly secret?: true;
};

/** Keywords of ours that a validator has to know of. */
export const ownKeywords = ['allowed', 'secret'] as const;

export function count(minimum: number, maximum: number, description: string): TInteger {
  return Type.Integer({ minimum, maximum, description });
}

export function text(pattern: string, notes: FieldNotes): TString {
  return Type.String({ pattern, ...notes });
}

/** null where the part is embedded or switched off. */
export function optionalText(pattern: string, notes: FieldNotes): TUnsafe<string | null> {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], pattern, ...notes });
}

export function oneOf<const Values extends readonly string[]>(
  values: Values,
  description: string,
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });
}

/** Nothing but the named keys: a misspelt one would silently keep its default. */
export const closed = { additionalProperties: false } as const;
