/** Reads the text of an environment variable or a flag as the value of its key: numbers are numbers only if all of the text is one. */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { ownKeywords } from './fields.ts';
import type { Leaf } from './leaves.ts';
import { describeAllowed } from './leaves.ts';

export type TextValue = { readonly value: unknown } | { readonly problem: string };

/** `source` is how the operator knows it: the name of the variable or the flag. */
export function readText(leaf: Leaf, source: string, text: string): TextValue {
  const box = { value: leaf.schema.type === 'array' ? splitList(text) : text };
  const validator = new Ajv2020({ coerceTypes: true });
  validator.addVocabulary([...ownKeywords]);
  const fits = validator.validate({ type: 'object', properties: { value: leaf.schema } }, box);
  if (fits) return { value: box.value };
  const shown = leaf.schema.secret === true ? '(not shown)' : JSON.stringify(text);
  return { problem: `${source} (${leaf.key}) must be ${describeAllowed(leaf.schema)}; it is ${shown}` };
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
