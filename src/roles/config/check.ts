/** Compares the merged values with the schema; every fault names its key, where the value came from, and what is allowed. */
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { ErrorObject } from 'ajv';
import { ownKeywords } from './fields.ts';
import { describeAllowed, findLeaf } from './leaves.ts';
import type { Config } from './schema.ts';
import { configSchema } from './schema.ts';
import { valueAt } from './settings.ts';

export type SourceOf = (path: readonly string[]) => string | undefined;
export type Checked =
  | { readonly kind: 'fits'; readonly config: Config }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

export function checkValues(values: object, sourceOf: SourceOf): Checked {
  const validator = new Ajv2020({ allErrors: true });
  validator.addVocabulary([...ownKeywords]);
  const fits = validator.compile<Config>(configSchema);
  if (fits(values)) return { kind: 'fits', config: values };
  const problems = (fits.errors ?? []).map((error) => describe(error, values, sourceOf));
  return { kind: 'refused', problems: [...new Set(problems)] };
}

function describe(error: ErrorObject, values: object, sourceOf: SourceOf): string {
  const path = pathOf(error);
  const key = path.join('.');
  const leaf = findLeaf(path);
  const source = sourceOf(path) ?? sourceOf(path.slice(0, -1)) ?? 'no file';
  if (leaf === undefined && error.keyword === 'additionalProperties') return `${source}: ${key} is no key of Verdict`;
  if (leaf === undefined) return `${source}: ${key} ${error.message ?? 'is wrong'}`;
  const value = valueAt(values, leaf.path);
  const must = `${leaf.key} must be ${describeAllowed(leaf.schema)}`;
  if (value === undefined) return `no file sets ${leaf.key}: ${must}`;
  return `${source}: ${must}; it is ${leaf.schema.secret === true ? '(not shown)' : JSON.stringify(value)}`;
}

function pathOf({ instancePath, params }: ErrorObject): readonly string[] {
  const path = instancePath.split('/').slice(1);
  const extra: unknown = params['missingProperty'] ?? params['additionalProperty'];
  return typeof extra === 'string' ? [...path, extra] : path;
}
