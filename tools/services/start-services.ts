/** Services for a program: they live in a directory of their own, until they are disposed of or the program that started them is gone. */
import { temporaryDirectory } from './directory.ts';
import { serviceNames } from './service.ts';
import { ServiceSet } from './service-set.ts';
import { startWatchdog } from './watchdog.ts';
import type { ServiceName, ServiceTarget, ServiceUrls } from './service.ts';

export type Services = {
  readonly env: ServiceUrls;
  /** SIGKILL. */
  readonly kill: (target: ServiceTarget) => Promise<void>;
  /** On the same port; resolves when it answers. */
  readonly restart: (target: ServiceTarget) => Promise<void>;
  readonly wipe: (name: ServiceName) => Promise<void>;
  /** SIGSTOP. */
  readonly stop: (target: ServiceTarget) => void;
  /** SIGCONT. */
  readonly cont: (target: ServiceTarget) => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type ServicesOptions = {
  readonly dir?: string;
  readonly only?: readonly ServiceName[];
  readonly brokers?: number;
};

export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const set = await ServiceSet.create(options.dir ?? (await temporaryDirectory()), options.brokers);
  try {
    await startWatchdog(set, process.pid);
    await set.up(options.only ?? serviceNames);
  } catch (error) {
    await set.down();
    throw error;
  }
  return {
    env: set.urls,
    kill: (target) => set.kill(target),
    restart: (target) => set.restart(target),
    wipe: (name) => set.wipe(name),
    stop: (target) => set.stop(target),
    cont: (target) => set.cont(target),
    [Symbol.asyncDispose]: () => set.down(),
  };
}
