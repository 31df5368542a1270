/** Which environment variable sets which key, from `config/custom-environment-variables.json`, and what the given ones say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findLeaf, leaves } from './leaves.ts';
import { repositoryConfigDirectory } from './repository.ts';
import type { Setting } from './settings.ts';
import { readText } from './text-value.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Key to the name of its variable. */
export function readVariableNames(): ReadonlyMap<string, string> {
  const file = join(repositoryConfigDirectory, 'custom-environment-variables.json');
  const mapping: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(flatten(mapping, []));
}

/** An empty variable counts as not given, as everywhere in node-config. */
export function readEnvironment(env: Environment): { settings: readonly Setting[]; problems: readonly string[] } {
  const names = readVariableNames();
  const settings: Setting[] = [];
  const problems: string[] = unknownVariables(env, new Set(names.values()));
  for (const leaf of leaves) {
    const name = names.get(leaf.key);
    const text = name === undefined ? undefined : env[name];
    if (name === undefined || text === undefined || text === '') continue;
    const read = readText(leaf, name, text);
    if ('problem' in read) problems.push(read.problem);
    else settings.push({ path: leaf.path, source: name, value: read.value });
  }
  return { settings, problems };
}

/** A misspelt variable would leave its key at the default without a word. */
function unknownVariables(env: Environment, known: ReadonlySet<string>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('VERDICT_') && !known.has(name))
    .map((name) => `${name} is no environment variable of Verdict; see --help for those that are`);
}

function flatten(node: unknown, path: readonly string[]): readonly (readonly [string, string])[] {
  if (typeof node === 'string') {
    if (findLeaf(path)?.path.length !== path.length)
      throw new Error(`${node} is mapped to ${path.join('.')}, which is no key`);
    return [[path.join('.'), node]];
  }
  if (typeof node !== 'object' || node === null) throw new Error(`${path.join('.')} must name a variable`);
  return Object.entries(node).flatMap(([name, child]) => flatten(child, [...path, name]));
}
