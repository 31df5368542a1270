/** Reads the newest ruleset of a directory. One that is wrong refuses the start: judging by yesterday's rules without saying so would be worse. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Failure } from '../platform/failure.ts';
import type { Ruleset } from '../rules/compile.ts';
import { compileRuleset } from '../rules/compile.ts';

export async function loadRuleset(directory: string): Promise<Ruleset> {
  const file = newestOf(await filesIn(directory));
  if (file === undefined) throw refused(directory, ['there is no ruleset, `<version>.json`, in it']);
  const path = join(directory, file);
  const compilation = compileRuleset(await readJson(path));
  if (compilation.kind === 'refused') throw refused(path, compilation.problems);
  const { ruleset } = compilation;
  if (`${ruleset.version}.json` !== file)
    throw refused(path, [`it holds version ${ruleset.version}, which is not its name`]);
  return ruleset;
}

/** By date, then by number: 2026-11-01.10 is newer than 2026-11-01.9. */
function newestOf(files: readonly string[]): string | undefined {
  const versions = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const newest = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : `${newest}.json`;
}

async function filesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw refused(directory, ['it cannot be read'], cause);
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw refused(path, [cause instanceof Error ? cause.message : 'it is not JSON'], cause);
  }
}

function refused(where: string, problems: readonly string[], cause?: unknown): Failure {
  return new Failure('configuration_invalid', `rules: ${where}: ${problems.join('; ')}`, { cause });
}
