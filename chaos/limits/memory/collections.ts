/**
 * Has the garbage of all deployed processes collected every so often while it is held. V8 lets the old generation grow to several times of what lives in it before it looks: under
 * half of the peak that is a tooth of up to 150 MB in one to three minutes, and lines through its valleys were seen to rise by 2 to 3 MB a minute where nothing is kept at all.
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
