/**
 * The configuration's files, merged by node-config: default, then NODE_CONFIG_ENV or NODE_ENV, then local ones.
 * NODE_CONFIG_DIR names a directory whose files lie over those that come with Verdict. Files named after hosts are not read.
 */
import { statSync } from 'node:fs';
import { basename, delimiter } from 'node:path';

import { Load, Util } from 'config/lib/util.js';

import type { Environment } from './environment.ts';
import { repositoryConfigDirectory } from './repository.ts';
import { valueAt } from './settings.ts';

export type Files = {
  readonly values: object;
  /** The last file that sets something at the path; undefined where none does. */
  readonly sourceOf: (path: readonly string[]) => string | undefined;
};

export function readFiles(env: Environment): Files | { readonly problem: string } {
  const extra = env['NODE_CONFIG_DIR'] ?? '';
  if (extra !== '' && statSync(extra, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return { problem: `NODE_CONFIG_DIR must be a directory; it is ${JSON.stringify(extra)}` };
  }
  const load = new Load({
    configDir: [repositoryConfigDirectory, ...(extra === '' ? [] : [extra])].join(delimiter),
    nodeEnv: (env['NODE_CONFIG_ENV'] || env['NODE_ENV'] || 'development').split(','),
    hostName: '',
  });
  try {
    Util.loadFileConfigs(load);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const sources = load.getSources().toReversed();
  return {
    values: load.config,
    sourceOf: (path) => {
      const source = sources.find(({ parsed }) => valueAt(parsed, path) !== undefined);
      return source === undefined ? undefined : basename(source.name);
    },
  };
}
