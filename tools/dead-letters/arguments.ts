/** Reads the command line of the dead-letter tool; whatever is wrong with it is said in a sentence. */
import { parseArgs } from 'node:util';

export type Place = { readonly topic: string; readonly partition: number; readonly offset: number };

/** As the API spells it. */
export type Filter = {
  readonly topic?: string;
  readonly cause?: string;
  readonly since?: string;
  readonly transactionId?: string;
  readonly state?: string;
};

export type What = {
  readonly place: Place | undefined;
  readonly filter: Filter;
  /** Letters in all. */
  readonly limit: number;
  readonly dryRun: boolean;
  readonly force: boolean;
};

const commands = ['list', 'show', 're-drive', 'discard'] as const;
export type Command = (typeof commands)[number];

export type Asked = What & { readonly command: Command; readonly url: string; readonly key: string | undefined };

export const usage = `Usage: npm run dead-letters -- <command> [<topic>/<partition>/<offset>] [options]

  list                 one line for each letter, oldest first (100 unless --limit says otherwise)
  show <place>         one letter, whole, as JSON
  re-drive <place>     put the record back on the topic that it was for, as it came
  discard <place>      mark it as done with

re-drive and discard without a place take all that match; to take every letter, say --all.

  --topic --cause --since --transaction-id --state (waiting, re-driven, discarded)
  --limit N            letters at the most     --dry-run   only say what would be done
  --force              also what is re-driven or discarded already
  --url URL            default http://127.0.0.1:$PORT, or 3000
  --key KEY            API key with the scope ops; default $VERDICT_API_KEY`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ topic: text, cause: text, since: text, 'transaction-id': text, state: text, limit: text, url: text, key: text },
  ...{ 'dry-run': flag, force: flag, all: flag },
};

type Environment = Readonly<Record<string, string | undefined>>;

export function readArguments(argv: readonly string[], env: Environment): Asked | { readonly problem: string } {
  const parsed = parse(argv);
  if ('problem' in parsed) return parsed;
  const { values, positionals } = parsed;
  const [name, placeText, ...others] = positionals;
  const command = commands.find((each) => each === name);
  if (command === undefined || others.length > 0) return { problem: 'A command is needed, and at most one place.' };
  const place = placeText === undefined ? undefined : readPlace(placeText);
  if (placeText !== undefined && place === undefined) {
    return { problem: 'A place is <topic>/<partition>/<offset>, as list prints it.' };
  }
  const { topic, cause, since, state, 'transaction-id': transactionId } = values;
  const filter: Filter = Object.fromEntries(
    Object.entries({ topic, cause, since, transactionId, state }).filter(([, value]) => value !== undefined),
  );
  const isFiltered = Object.keys(filter).length > 0;
  if (place !== undefined && (command === 'list' || isFiltered || values.all)) {
    return { problem: 'Either a place or a filter.' };
  }
  if (command === 'show' && place === undefined) return { problem: 'show needs a place.' };
  if ((command === 're-drive' || command === 'discard') && place === undefined && !isFiltered && !values.all) {
    return { problem: `${command} needs a place, a filter, or --all.` };
  }
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
    return { problem: '--limit is a number from 1 on.' };
  return {
    ...{ command, place, filter, dryRun: values['dry-run'], force: values.force },
    limit: limit ?? (command === 'list' ? 100 : Number.POSITIVE_INFINITY),
    url: (values.url ?? `http://127.0.0.1:${env['PORT'] ?? 3000}`).replace(/\/$/, ''),
    key: values.key ?? env['VERDICT_API_KEY'],
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function readPlace(place: string): Place | undefined {
  const match = /^([A-Za-z0-9._-]{1,249})\/(\d{1,5})\/(\d{1,15})$/.exec(place);
  if (match === null) return undefined;
  const [, topic = '', partition, offset] = match;
  return { topic, partition: Number(partition), offset: Number(offset) };
}
