/** `npm run services -- <command>`: starts, breaks and ends real Kafka, Redis and PostgreSQL on free ports, without Docker. */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { MissingPrograms } from './programs.ts';
import { isServiceName, isServiceTarget, serviceNames } from './service.ts';
import { ServiceSet } from './service-set.ts';
import { startWatchdog } from './watchdog.ts';

const exitUnavailable = 69; // EX_UNAVAILABLE of sysexits.h
const exitUsage = 64; // EX_USAGE
const brokersMax = 9;

const help = `services <command> [options]
  up                        start, wait until each answers (options: --only, --brokers, --while-pid)
  down                      kill all and delete their data
  status                    one line per process; exit code 1 unless all answer
  env                       lines for eval: DATABASE_URL, KAFKA_BROKERS, REDIS_URL
  kill | restart <name>     SIGKILL | end, start on the same port, wait until it answers
  stop | cont <name>        freeze (SIGSTOP) | go on (SIGCONT)
  wipe <name>               empty it; Kafka comes back with a new cluster id
names: ${serviceNames.join(', ')}, and kafka-1, kafka-2 … for one broker
  --dir <directory>         default VERDICT_SERVICES_DIR, or .services in the repository
  --only kafka,redis        only these
  --brokers <n>             Kafka brokers, 1 to ${brokersMax} (default 1)
  --while-pid <pid>         take everything down when this process is gone`;

class UsageError extends Error {}

type Options = {
  readonly dir: string;
  readonly only?: string;
  readonly brokers?: string;
  readonly 'while-pid'?: string;
};

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parse(args);
  const [command = 'help', name = ''] = positionals;
  switch (command) {
    case 'up':
      return up(values);
    case 'down':
      await (await ServiceSet.open(values.dir))?.down();
      return 0;
    case 'status':
      return status(await opened(values.dir));
    case 'env':
      return env(await opened(values.dir));
    case 'wipe':
      if (!isServiceName(name)) throw new UsageError(`wipe needs one of ${serviceNames.join(', ')}`);
      await (await opened(values.dir)).wipe(name);
      return 0;
    case 'kill':
    case 'restart':
    case 'stop':
    case 'cont':
      if (!isServiceTarget(name)) throw new UsageError(`${command} needs one of ${serviceNames.join(', ')}, kafka-1 …`);
      await (await opened(values.dir))[command](name);
      return 0;
    case 'help':
      console.log(help);
      return 0;
    default:
      throw new UsageError(`unknown command ${command}`);
  }
}

function parse(args: readonly string[]): { positionals: readonly string[]; values: Options } {
  const options = {
    dir: {
      type: 'string',
      default: process.env['VERDICT_SERVICES_DIR'] || fileURLToPath(new URL('../../.services', import.meta.url)),
    },
    only: { type: 'string' },
    brokers: { type: 'string' },
    'while-pid': { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function up(values: Options): Promise<number> {
  const only = values.only?.split(',') ?? serviceNames;
  if (!only.every(isServiceName)) throw new UsageError(`--only takes ${serviceNames.join(',')}`);
  const set = await ServiceSet.create(values.dir, numberIn(values.brokers, 'brokers', brokersMax));
  const pid = numberIn(values['while-pid'], 'while-pid', Number.MAX_SAFE_INTEGER);
  if (pid !== undefined) await startWatchdog(set, pid);
  try {
    await set.up(only, (name, seconds) => console.log(`${name} answers after ${seconds.toFixed(1)} s`));
  } catch (error) {
    if (set.wanted.length === 0) await set.down();
    throw error;
  }
  return 0;
}

async function status(set: ServiceSet): Promise<number> {
  const all = await set.status();
  for (const { name, port, pid, answers } of all) {
    const state = answers ? 'answers' : pid === undefined ? 'down' : 'runs, does not answer';
    console.log(`${name.padEnd(10)} 127.0.0.1:${port}  ${pid === undefined ? '' : `pid ${pid}  `}${state}`);
  }
  return all.every((one) => one.answers) ? 0 : 1;
}

function env(set: ServiceSet): number {
  const variables = { kafka: 'KAFKA_BROKERS', redis: 'REDIS_URL', postgres: 'DATABASE_URL' } as const;
  for (const name of set.wanted) console.log(`export ${variables[name]}=${set.urls[variables[name]]}`);
  return 0;
}

async function opened(directory: string): Promise<ServiceSet> {
  const set = await ServiceSet.open(directory);
  if (set === undefined) throw new Error(`no services in ${directory}: services up`);
  return set;
}

function numberIn(text: string | undefined, option: string, max: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text) || Number(text) > max)
    throw new UsageError(`--${option} takes a number from 1 to ${max}`);
  return Number(text);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof MissingPrograms) console.error(error.lines.join('\n'));
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof MissingPrograms ? exitUnavailable : error instanceof UsageError ? exitUsage : 1;
}
