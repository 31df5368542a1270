/** Reads the text of an environment variable or a flag as the value of its key: numbers are numbers only if all of the text is one. */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { ownKeywords } from './fields.ts';
import type { Leaf } from './leaves.ts';
import { describeAllowed } from './leaves.ts';

export type TextValue = { readonly value: unknown } | { readonly problem: string };

/** `source` is how the operator knows it: the name of the variable or the flag. */
export function readText(leaf: Leaf, source: string, text: string): TextValue {
  const box = { value: valueIn(leaf, text) };
  const validator = new Ajv2020({ coerceTypes: true });
  validator.addVocabulary([...ownKeywords]);
  const fits = validator.validate({ type: 'object', properties: { value: leaf.schema } }, box);
  if (fits) return { value: box.value };
  const shown = leaf.schema.secret === true ? '(not shown)' : JSON.stringify(text);
  return { problem: `${source} (${leaf.key}) must be ${describeAllowed(leaf.schema)}; it is ${shown}` };
}

function valueIn({ schema }: Leaf, text: string): unknown {
  if (schema.type === 'array') return splitList(text);
  return schema.duration === true ? inMilliseconds(text) : text;
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90d`; text without a unit stays as it is. */
function inMilliseconds(text: string): number | string {
  const [, digits, unit = ''] = /^(\d{1,12})([smhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  return ms === undefined ? text : Number(digits) * ms;
}

/** Comma-separated, or a JSON array. Text that is neither stays text, and fails the check. */
function splitList(text: string): unknown {
  if (!text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
