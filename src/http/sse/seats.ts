/** A bounded number of event streams per client and per process; closing ends all of them. */
import type { ClientId } from '../../transaction/ids.ts';
import { Problem } from '../middleware/problems.ts';

export type SeatLimits = { readonly perClientMax: number; readonly perProcessMax: number };

export type Seat = { [Symbol.dispose](): void };

/** How long a refused client should stay away: about what a stream lives when clients come and go. */
const retryAfter = { 'Retry-After': '5' };

export class Seats {
  readonly #limits: SeatLimits;
  readonly #onChange: (taken: number) => void;
  readonly #takenBy = new Map<ClientId, number>();
  #taken = 0;

  constructor(limits: SeatLimits, onChange: (taken: number) => void) {
    this.#limits = limits;
    this.#onChange = onChange;
  }

  /** Throws a Problem where the client or the process has too many. */
  take(clientId: ClientId): Seat {
    const own = this.#takenBy.get(clientId) ?? 0;
    if (own >= this.#limits.perClientMax) throw new Problem('too_many_streams', { headers: retryAfter });
    if (this.#taken >= this.#limits.perProcessMax) throw new Problem('streams_exhausted', { headers: retryAfter });
    this.#change(clientId, 1);
    return { [Symbol.dispose]: () => this.#change(clientId, -1) };
  }

  #change(clientId: ClientId, by: 1 | -1): void {
    const own = (this.#takenBy.get(clientId) ?? 0) + by;
    if (own === 0) this.#takenBy.delete(clientId);
    else this.#takenBy.set(clientId, own);
    this.#taken += by;
    this.#onChange(this.#taken);
  }
}
