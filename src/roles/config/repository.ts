/** Where the files are that come with Verdict: the configuration's defaults and the package's version. Found from this file, so that the working directory does not matter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryConfigDirectory = fileURLToPath(new URL('../../../config', import.meta.url));

/** What holds where nothing else is said; local files are left out. */
export function readDefaults(): unknown {
  return JSON.parse(readFileSync(join(repositoryConfigDirectory, 'default.json'), 'utf8'));
}

export function readPackageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
