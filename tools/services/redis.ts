/** Redis as a cache is run: nothing is written to disk, so that a killed one comes back empty. */
import { mkdir } from 'node:fs/promises';
import { exchange } from './exchange.ts';
import { missingPrograms, requireProgram } from './programs.ts';
import type { Service } from './service.ts';

export function redisService(directory: string, port: number): Service {
  return {
    name: 'redis',
    directory,
    missing: () => missingPrograms([['redis-server', 'redis-server']]),
    prepare: async () => {
      await mkdir(directory, { recursive: true });
    },
    daemons: [
      {
        name: 'redis',
        port,
        command: async () => ({
          program: await requireProgram('redis-server', 'redis-server'),
          args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory],
          cwd: directory,
        }),
        ask: () => say(port, 'PING'),
        stopSignal: 'SIGTERM',
      },
    ],
    flush: () => say(port, 'FLUSHALL'),
  };
}

/** Sends one command in Redis' inline form and fails unless the answer is a plain, friendly line. */
async function say(port: number, command: string): Promise<void> {
  const answer = (await exchange(port, `${command}\r\n`, (received) => received.includes('\r\n'))).toString().trim();
  if (!answer.startsWith('+')) throw new Error(`redis answered ${answer} to ${command}`);
}
