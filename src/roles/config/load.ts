/** Puts files, environment and command line together, in this order, and checks the result: either all of it is right or every problem is told at once. */
import { resolve } from 'node:path';

import { Util } from 'config/lib/util.js';

import { checkBetweenKeys } from './between-keys.ts';
import type { Checked } from './check.ts';
import { checkValues } from './check.ts';
import type { Environment } from './environment.ts';
import { readEnvironment } from './environment.ts';
import { readFiles } from './files.ts';
import { readFlags } from './flags.ts';
import { helpText } from './help.ts';
import { readPackageVersion, repositoryConfigDirectory } from './repository.ts';
import type { Config } from './schema.ts';
import { asTree } from './settings.ts';

export type LoadedConfig =
  | { readonly kind: 'config'; readonly config: Config }
  /** One line each, for a person. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
  /** What `--help` or `--version` asked for. */
  | { readonly kind: 'text'; readonly text: string };

/** `argv` without the program's name. */
export function loadConfig({
  argv,
  env,
}: {
  readonly argv: readonly string[];
  readonly env: Environment;
}): LoadedConfig {
  const flags = readFlags(argv);
  if (flags.kind === 'help') return { kind: 'text', text: helpText() };
  if (flags.kind === 'version') return { kind: 'text', text: readPackageVersion() };
  const files = readFiles(env);
  if ('problem' in files) return { kind: 'problems', problems: [files.problem] };

  const variables = readEnvironment(env);
  const settings = [...variables.settings, ...flags.settings];
  const values = Util.extendDeep({}, files.values, asTree(settings));
  const checked = checkValues(values, (path) => {
    const setting = settings.findLast((each) => each.path.every((name, depth) => path[depth] === name));
    return setting?.source ?? files.sourceOf(path);
  });
  const inValues = checked.kind === 'refused' ? checked.problems : checkBetweenKeys(checked.config);
  const problems = [...flags.problems, ...variables.problems, ...inValues, ...failpointProblems(checked, env)];
  return checked.kind === 'refused' || problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'config', config: withWholePaths(checked.config) };
}

function failpointProblems(checked: Checked, env: Environment): readonly string[] {
  const set = checked.kind === 'fits' && checked.config.failpoint !== null;
  return set && env['NODE_ENV'] !== 'test' ? ['failpoint is for tests: it needs NODE_ENV=test'] : [];
}

function withWholePaths(config: Config): Config {
  return {
    ...config,
    dataDir: resolve(config.dataDir),
    rules: { directory: resolve(repositoryConfigDirectory, config.rules.directory) },
  };
}
