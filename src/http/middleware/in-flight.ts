/**
 * Bounds what is being answered at once, and refuses the rest before anything is read or asked for it. Two bounds: one for those that are worked on, which is the queue
 * before the database and so the time that everybody in it waits; and one for all, with those that asked to wait for a decision, which cost little but memory.
 * One count for all the routes that it stands before; it comes after `authenticate`, so that a stranger's slow body takes no place.
 */
import type { Context, Middleware } from '../context.ts';
import { parseWait } from '../prefer.ts';
import { Problem } from './problems.ts';

export type InFlightLimits = {
  /** All requests, those that wait for a decision included. */
  readonly inFlightMax: number;
  /** Requests that did not ask to wait. */
  readonly workingMax: number;
};

export class InFlight {
  readonly #limits: InFlightLimits;
  #answering = 0;
  #working = 0;

  constructor(limits: InFlightLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#answering >= this.#limits.inFlightMax || this.#working >= this.#limits.workingMax;
  }

  readonly room: Middleware = async (context, next) => {
    if (this.isFull) throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
    const works = asksToWait(context) ? 0 : 1;
    this.#answering += 1;
    this.#working += works;
    try {
      await next();
    } finally {
      this.#answering -= 1;
      this.#working -= works;
    }
  };
}

function asksToWait({ req }: Context): boolean {
  const { prefer } = req.headers;
  return prefer !== undefined && parseWait(typeof prefer === 'string' ? prefer : prefer.join()) !== undefined;
}
