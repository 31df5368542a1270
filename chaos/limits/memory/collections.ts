/**
 * Has the garbage of all deployed processes collected every so often while it is held. V8 lets the old generation grow to several times of what lives in it before it looks: the front
 * door's to 187 MB of which 45 were alive, over 20,000 transactions, which is a minute at half of the peak; settlement's and anti-fraud's were not looked at in 25,000. A line through
 * half-minutes of that follows the teeth: it rose by 2 to 3 MB a minute in processes that keep nothing.
 */
import { fileURLToPath } from 'node:url';

import type { Fleet } from '../../fleet.ts';
import { deployedNames } from '../deployed.ts';

const program = fileURLToPath(new URL('collect-on-signal.ts', import.meta.url));

/** For the environment of the processes. */
export const collectable = { NODE_OPTIONS: `--import=${program}` };

export class Collections implements Disposable {
  readonly #timer: NodeJS.Timeout;

  constructor(fleet: Fleet, everyMs: number) {
    // A fleet signals only whom it has seen ready, so the program above is there to take it.
    this.#timer = setInterval(() => deployedNames.forEach((name) => fleet.signal(name, 'SIGUSR2')), everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
