/** Every key with its variable, its default and its reason, in the order of the schema: what `--help` and the table of the README are made of. */
import { readVariableNames } from './environment.ts';
import { describeAllowed, leaves } from './leaves.ts';
import { readDefaults } from './repository.ts';
import { valueAt } from './settings.ts';

export type DescribedKey = {
  readonly key: string;
  /** null where only files set it. */
  readonly variable: string | null;
  readonly byDefault: unknown;
  readonly allowed: string;
  readonly description: string;
};

export function describedKeys(): readonly DescribedKey[] {
  const names = readVariableNames();
  const defaults = readDefaults();
  return leaves.map(({ key, path, schema }) => ({
    key,
    variable: names.get(key) ?? null,
    byDefault: valueAt(defaults, path),
    allowed: describeAllowed(schema),
    description: schema.description ?? '',
  }));
}

/** One line, and short: a table is given by its size. */
export function defaultText(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') return `${Object.keys(value).length} entries`;
  return JSON.stringify(value);
}
