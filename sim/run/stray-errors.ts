/** A promise that rejects unheard, or an error that nobody catches, is a bug of the run in which it happens; so is a look at the machine's own time or chance. */
import type { World } from '../kernel/world.ts';
import { leaveReality } from './leave-reality.ts';

export class StrayErrors implements Disposable {
  readonly #world: World;
  readonly #restore: () => void;

  constructor(world: World) {
    this.#world = world;
    process.on('unhandledRejection', this.#onRejection);
    process.on('uncaughtException', this.#onException);
    this.#restore = leaveReality();
  }

  /** Rejections are told only when the event loop turns. */
  async settle(): Promise<void> {
    this.#restore();
    await new Promise((resolve) => setImmediate(resolve));
  }

  [Symbol.dispose](): void {
    this.#restore();
    process.off('unhandledRejection', this.#onRejection);
    process.off('uncaughtException', this.#onException);
  }

  readonly #onRejection = (reason: unknown): void =>
    this.#world.violate('bug', `a rejection that nobody heard: ${described(reason)}`);
  readonly #onException = (error: unknown): void =>
    this.#world.violate('bug', `an error that nobody caught: ${described(error)}`);
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
