/** The command line. A flag wins over its environment variable; unknown flags, missing values and stray words are problems. */
import { parseArgs } from 'node:util';

import { findLeaf } from './leaves.ts';
import type { Setting } from './settings.ts';
import { readText } from './text-value.ts';

/** Flag to the key that it sets. */
export const flagKeys = {
  role: { path: ['roles'], shows: '<name>[,<name>…]' },
  host: { path: ['http', 'host'], shows: '<address>' },
  port: { path: ['http', 'port'], shows: '<number>' },
  'data-dir': { path: ['dataDir'], shows: '<path>' },
  'older-than': { path: ['prune', 'olderThanMs'], shows: '<time, like 90d>' },
  'dry-run': { path: ['prune', 'dryRun'], shows: '' },
} as const;

export type FlagName = keyof typeof flagKeys;
export type Flags =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'settings'; readonly settings: readonly Setting[]; readonly problems: readonly string[] };

export function readFlags(argv: readonly string[]): Flags {
  const { tokens } = parseArgs({
    args: [...argv],
    options: declared(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${JSON.stringify(token.value)} is no flag; see --help`);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') return { kind: 'help' };
    if (token.name === 'version') return { kind: 'version' };
    const swallowed = token.inlineValue === false && token.value.startsWith('--');
    const read = readFlag(token.name, token.rawName, swallowed ? undefined : token.value);
    if (typeof read === 'string') problems.push(read);
    else settings.push(read);
  }
  return { kind: 'settings', settings, problems };
}

function readFlag(name: string, rawName: string, value: string | undefined): Setting | string {
  const leaf = isFlagName(name) ? findLeaf(flagKeys[name].path) : undefined;
  if (leaf?.schema.type === 'boolean' && value === undefined) return { path: leaf.path, source: rawName, value: true };
  if (leaf === undefined) return `${rawName} is no flag of Verdict; see --help for those that are`;
  if (value === undefined || value === '') return `${rawName} needs a value`;
  const read = readText(leaf, rawName, value);
  return 'problem' in read ? read.problem : { path: leaf.path, source: rawName, value: read.value };
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flagKeys, name);
}

function declared(): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const valued = Object.entries(flagKeys).map(([name, { path }]) => {
    const type = findLeaf(path)?.schema.type === 'boolean' ? ('boolean' as const) : ('string' as const);
    return [name, { type }] as const;
  });
  return { ...Object.fromEntries(valued), help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } };
}
