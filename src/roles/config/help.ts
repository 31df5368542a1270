/** What `--help` prints: roles, flags, environment variables and examples, from the same tables that are checked. */
import { defaultText, describedKeys } from './described-keys.ts';
import { flagKeys } from './flags.ts';
import { findLeaf } from './leaves.ts';
import { roleNames, roleNotes } from './role-names.ts';

export function helpText(): string {
  return [
    'Verdict takes in financial transactions, has each one judged by anti-fraud rules, and tells what became of it.',
    '',
    'Usage: npm start -- [flags]',
    '',
    'Flags',
    ...flagLines(),
    '',
    'Roles (--role; several, comma-separated, share one process)',
    ...roleLines(),
    '',
    'Environment variables (a flag wins over its variable, a variable over files)',
    ...variableLines(),
    '',
    'Files: config/default.json, config/<NODE_CONFIG_ENV or NODE_ENV>.json, config/local.json; NODE_CONFIG_DIR names a directory whose files lie over these.',
    'Giving DATABASE_URL, KAFKA_BROKERS or REDIS_URL chooses PostgreSQL, Kafka or Redis for that part; what is not given is embedded.',
    'A configuration that is wrong is told in full, and the exit code is 78.',
    '',
    'Examples',
    '  npm start                                   everything in one process, data in ./data, http://127.0.0.1:3000',
    '  npm start -- --port 0 --data-dir /tmp/v     on a free port, with data of its own',
    '  DATABASE_URL=postgres://verdict@127.0.0.1:5432/verdict npm start -- --role migrate',
    '  DATABASE_URL=… KAFKA_BROKERS=127.0.0.1:9092 REDIS_URL=redis://127.0.0.1:6379 npm start -- --role front-door',
    '  DATABASE_URL=… KAFKA_BROKERS=… REDIS_URL=… npm start -- --role relay,settlement --port 0',
    '  DATABASE_URL=… npm run prune -- --older-than 90d --dry-run',
  ].join('\n');
}

function flagLines(): readonly string[] {
  const valued = Object.entries(flagKeys).map(
    ([name, { path, shows }]) => [`--${name} ${shows}`.trimEnd(), findLeaf(path)?.schema.description ?? ''] as const,
  );
  return [...valued, ['--help, -h', 'Prints this.'] as const, ['--version', 'Prints the version.'] as const].map(
    ([flag, description]) => `  ${flag.padEnd(28)}  ${description}`,
  );
}

function roleLines(): readonly string[] {
  return roleNames.map((name) => {
    const { does, needs, alone } = roleNotes[name];
    const notes = [
      ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
      ...(alone === true ? ['stands alone'] : []),
    ];
    return `  ${name.padEnd(11)}  ${does}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
  });
}

function variableLines(): readonly string[] {
  return describedKeys().flatMap(({ variable, description, allowed, byDefault }) =>
    variable === null
      ? []
      : [`  ${variable}`, `      ${description}`, `      Allowed: ${allowed}. Default: ${defaultText(byDefault)}.`],
  );
}
