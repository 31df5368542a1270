/** Runs a command to its end and fails with what it printed unless it ends with 0. */
import { execFile } from 'node:child_process';
import type { Command } from './service.ts';

const outputBytesMax = 16 * 1024 * 1024;
const shownCharacters = 2_000;

export function runCommand(command: Command, limitMs: number): Promise<void> {
  const { program, args, cwd, user } = command;
  const options = { cwd, timeout: limitMs, maxBuffer: outputBytesMax, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { ...options, ...(user && { uid: user.uid, gid: user.gid }) },
      (error, stdout, stderr) => {
        if (error === null) return resolve();
        const printed = `${stdout}${stderr}`.trim() || error.message;
        return reject(new Error(`${program} failed: ${printed.slice(-shownCharacters)}`, { cause: error }));
      },
    );
  });
}
