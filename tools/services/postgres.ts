/** A PostgreSQL cluster of its own on loopback TCP, with fsync as in production, run by somebody who is not root. */
import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { missingPrograms, postgresPrograms } from './programs.ts';
import { runCommand } from './run-command.ts';
import { unprivilegedUser } from './unprivileged-user.ts';
import type { Service } from './service.ts';

const initLimitMs = 60_000;

export function postgresUrl(port: number, database = 'verdict'): string {
  return `postgres://verdict@127.0.0.1:${port}/${database}`;
}

export function postgresService(directory: string, port: number): Service {
  return {
    name: 'postgres',
    directory,
    missing: () => missingPrograms([['initdb', 'postgresql']]),
    prepare: () => initialise(directory),
    daemons: [
      {
        name: 'postgres',
        port,
        command: async () => ({
          program: join(await postgresPrograms(), 'postgres'),
          args: [
            '-D',
            directory,
            ...Object.entries(settings(port)).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
          ],
          cwd: directory,
          user: unprivilegedUser(),
        }),
        ask: () => ask(port),
        stopSignal: 'SIGINT',
        // It takes a killed postmaster for alive as long as nobody has reaped it, which in a container may be for ever.
        lockFile: join(directory, 'postmaster.pid'),
      },
    ],
  };
}

/** No unix socket: everybody connects over TCP, and a socket's path must not be longer than 107 bytes. */
function settings(port: number): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'on',
    timezone: 'UTC',
  };
}

async function ask(port: number): Promise<void> {
  const client = new Client({
    connectionString: postgresUrl(port, 'postgres'),
    connectionTimeoutMillis: 1_000,
    query_timeout: 2_000,
  });
  client.on('error', () => undefined); // the same failure rejects the promises below
  try {
    await client.connect();
    await client.query('SELECT 1');
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'verdict'`);
    if (rowCount === 0) await client.query('CREATE DATABASE verdict');
  } finally {
    await client.end();
  }
}

/** Makes the cluster in a folder that gets its name only when it is complete, so that a run cut short leaves nothing half-made. */
async function initialise(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const user = unprivilegedUser();
  const draft = `${directory}.${process.pid}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(draft, user.uid, user.gid);
  try {
    const args = ['-D', draft, '-U', 'verdict', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    await runCommand({ program: join(await postgresPrograms(), 'initdb'), args, cwd: draft, user }, initLimitMs);
    await rename(draft, directory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
