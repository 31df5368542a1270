/** Finds the test files of both tiers; a tier or a filter that matches nothing is an error, never a pass. */
import { glob } from 'node:fs/promises';
import { sep } from 'node:path';

export type TestFiles = { readonly embedded: readonly string[]; readonly live: readonly string[] };

export async function findTestFiles(filters: readonly string[], withLive: boolean): Promise<TestFiles> {
  const all: string[] = [];
  for await (const file of glob('test/**/*.test.ts')) all.push(file.replaceAll(sep, '/'));
  all.sort();
  if (!all.some(isLive)) throw new Error('test/live/**/*.test.ts matches nothing');
  if (all.every(isLive)) throw new Error('test/**/*.test.ts matches nothing outside of test/live');
  const offered = all.filter((file) => withLive || !isLive(file));
  for (const filter of filters) {
    if (!offered.some((file) => file.includes(filter))) throw new Error(`no test file has ${filter} in its path`);
  }
  const chosen = offered.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  return { embedded: chosen.filter((file) => !isLive(file)), live: chosen.filter(isLive) };
}

function isLive(file: string): boolean {
  return file.startsWith('test/live/');
}
