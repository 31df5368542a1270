/** The kinds of value that a configuration key can hold, as JSON Schema. Every one carries a description: its unit, and why its limit is where it is. */
import { Type } from 'typebox';

import type { TBoolean, TInteger, TString, TUnsafe } from 'typebox';

export type FieldNotes = {
  readonly description: string;
  /** What is allowed, in words, where the schema alone would not be clear to an operator. */
  readonly allowed?: string;
  /** The value is never printed. */
  readonly secret?: true;
};

/** Keywords of ours that a validator has to know of. */
export const ownKeywords = ['allowed', 'secret', 'duration'] as const;

export function count(minimum: number, maximum: number, description: string): TInteger {
  return Type.Integer({ minimum, maximum, description });
}

/** Milliseconds, which may be written with a unit in a variable or a flag; null where nothing is to be assumed. */
export function optionalDuration(minimum: number, maximum: number, description: string): TUnsafe<number | null> {
  const allowed = `milliseconds from ${minimum} to ${maximum}, or a number with s, m, h or d behind it`;
  return Type.Unsafe<number | null>({
    ...{ type: ['integer', 'null'], minimum, maximum, description, allowed },
    duration: true,
  });
}

export function yesOrNo(description: string): TBoolean {
  return Type.Boolean({ description, allowed: 'true or false' });
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
