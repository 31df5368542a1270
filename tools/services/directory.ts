/** The directory of one set of services: made once, with ports chosen for good, so that whatever is killed comes back where it was. */
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-port.ts';
import { canReach, unprivilegedUser } from './unprivileged-user.ts';
import type { ServiceName } from './service.ts';

export type Broker = { readonly nodeId: number; readonly port: number; readonly controllerPort: number };

export type State = {
  readonly brokers: readonly Broker[];
  readonly redisPort: number;
  readonly postgresPort: number;
  /** Outside of the services' directory when the user that PostgreSQL runs as cannot get there. */
  readonly postgresDirectory: string;
  /** What was asked for so far; the ports of the others are kept for them. */
  readonly wanted: readonly ServiceName[];
};

const stateFile = 'services.json';

export async function readState(directory: string): Promise<State | undefined> {
  const text = await readFile(join(directory, stateFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state: State = JSON.parse(text);
  return state;
}

export async function writeState(directory: string, state: State): Promise<void> {
  const next = join(directory, `${stateFile}.${process.pid}`);
  await writeFile(next, JSON.stringify(state, undefined, 2));
  await rename(next, join(directory, stateFile));
}

/** Refuses a directory that holds anything else, because `down` deletes all of it. */
export async function createState(directory: string, brokerCount: number): Promise<State> {
  await mkdir(directory, { recursive: true, mode: 0o711 });
  const others = await readdir(directory);
  if (others.length > 0)
    throw new Error(`${directory} holds other things (${others[0]}): give services a directory of their own`);
  const [redisPort = 0, postgresPort = 0, ...ports] = await freePorts(2 + 2 * brokerCount);
  const state: State = {
    brokers: brokersOn(ports),
    redisPort,
    postgresPort,
    postgresDirectory: await postgresDirectory(directory),
    wanted: [],
  };
  await writeState(directory, state);
  return state;
}

export function temporaryDirectory(): Promise<string> {
  return openedToAll(mkdtemp(join(tmpdir(), 'verdict-services-')));
}

function brokersOn(ports: readonly number[]): Broker[] {
  const count = ports.length / 2;
  return ports
    .slice(0, count)
    .map((port, index) => ({ nodeId: index + 1, port, controllerPort: ports[count + index] ?? 0 }));
}

async function postgresDirectory(directory: string): Promise<string> {
  const user = unprivilegedUser();
  if (user === undefined || canReach(directory, user)) return join(directory, 'postgres');
  return join(await openedToAll(mkdtemp(join(tmpdir(), 'verdict-postgres-'))), 'postgres');
}

/** Others may pass through, not list: PostgreSQL's own folder in it stays closed. */
async function openedToAll(made: Promise<string>): Promise<string> {
  const directory = await made;
  await chmod(directory, 0o711);
  return directory;
}
