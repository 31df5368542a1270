/** Keeps one process in the background under a name: it outlives its starter, leaves its pid and its output in files, and is ended by that pid only. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants, identify, isAlive, signal } from './process-table.ts';
import { until } from './until.ts';
import type { ProcessId } from './process-table.ts';
import type { Command } from './service.ts';

const killLimitMs = 10_000;
const logTailCharacters = 2_000;

export class Background {
  readonly name: string;
  readonly logFile: string;
  readonly #pidFile: string;

  constructor(directory: string, name: string) {
    this.name = name;
    this.logFile = join(directory, `${name}.log`);
    this.#pidFile = join(directory, `${name}.pid`);
  }

  /** The process, or nothing when it ended. */
  running(): ProcessId | undefined {
    const [pid, began] = readText(this.#pidFile).split(' ');
    if (pid === undefined || began === undefined) return undefined;
    const id = { pid: Number(pid), began };
    return isAlive(id) ? id : undefined;
  }

  async start(command: Command): Promise<void> {
    const log = openSync(this.logFile, 'a');
    const { user } = command;
    const child = spawn(command.program, [...command.args], {
      cwd: command.cwd,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, LC_ALL: 'C', ...(user && { HOME: command.cwd, USER: user.name }) },
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    closeSync(log);
    const id = child.pid === undefined ? undefined : identify(child.pid);
    if (id !== undefined) writeFileSync(this.#pidFile, `${id.pid} ${id.began}`);
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
  }

  /** Ends it as a crash would, with everything it started; nothing of it runs any more when this returns. False when it did not run. */
  async kill(): Promise<boolean> {
    const id = this.running();
    if (id === undefined) return false;
    signal(id, 'SIGSTOP'); // so that it starts nobody while its children are counted
    const all = [...descendants(id), id];
    for (const one of all) signal(one, 'SIGKILL');
    await until(`${this.name} is gone after SIGKILL`, killLimitMs, () =>
      all.some(isAlive) ? 'still runs' : undefined,
    );
    rmSync(this.#pidFile, { force: true });
    return true;
  }

  /** Asks it to end in good order and waits for that, up to the limit. */
  async end(stopSignal: NodeJS.Signals, limitMs: number): Promise<void> {
    const id = this.running();
    if (id === undefined) return;
    this.resume();
    signal(id, stopSignal);
    await until(`${this.name} ended`, limitMs, () => (isAlive(id) ? 'still runs' : undefined));
  }

  /** Stops it in the middle of what it does: its sockets stay open and nobody answers on them. */
  freeze(): void {
    const id = this.#required();
    signal(id, 'SIGSTOP');
    for (const child of descendants(id)) signal(child, 'SIGSTOP');
  }

  resume(): void {
    const id = this.#required();
    for (const child of descendants(id)) signal(child, 'SIGCONT');
    signal(id, 'SIGCONT');
  }

  logTail(): string {
    return readText(this.logFile).slice(-logTailCharacters);
  }

  #required(): ProcessId {
    const id = this.running();
    if (id === undefined) throw new Error(`${this.name} does not run`);
    return id;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
