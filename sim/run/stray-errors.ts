/**
 * A promise that rejects unheard, or an error that nobody catches, is a bug of the run in which it happens; so is a look at the machine's own time or chance.
 * One run at a time, and the same listeners for all of them: one that had been a listener of the process for the length of a run survived every collection
 * of the young generation from then on, and the world of its run with it.
 */
import type { World } from '../kernel/world.ts';
import { leaveReality } from './leave-reality.ts';

let current: World | undefined;

export class StrayErrors implements Disposable {
  readonly #restore: () => void;

  constructor(world: World) {
    if (current !== undefined) throw new Error('two runs at a time');
    current = world;
    process.on('unhandledRejection', onRejection);
    process.on('uncaughtException', onException);
    this.#restore = leaveReality();
  }

  /** Rejections are told only when the event loop turns. */
  async settle(): Promise<void> {
    this.#restore();
    await new Promise((resolve) => setImmediate(resolve));
  }

  [Symbol.dispose](): void {
    this.#restore();
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
    current = undefined;
  }
}

function onRejection(reason: unknown): void {
  current?.violate('bug', `a rejection that nobody heard: ${described(reason)}`);
}

function onException(error: unknown): void {
  current?.violate('bug', `an error that nobody caught: ${described(error)}`);
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
