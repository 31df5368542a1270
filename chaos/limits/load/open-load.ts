/** An open loop of POSTs in a process of its own. */
import { Child } from '../child.ts';
import type { Offered, Question } from './protocol.ts';

export type Offer = {
  readonly perSecond: number;
  readonly seconds: number;
  readonly drainMaxMs?: number;
  readonly keepIn?: string;
};

const marginMs = 30_000;
const drainUsualMs = 12_000;

export class OpenLoad implements AsyncDisposable {
  readonly #child = new Child(new URL('main.ts', import.meta.url));

  static async start(url: string, sockets: number): Promise<OpenLoad> {
    const load = new OpenLoad();
    try {
      await load.#child.ask({ type: 'connect', url, sockets } satisfies Question, marginMs);
      return load;
    } catch (error) {
      await load[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Resolves when all that was sent is answered, or the drain is over. */
  offer({ drainMaxMs = drainUsualMs, ...offer }: Offer): Promise<Offered> {
    const question = { type: 'offer', drainMaxMs, ...offer } satisfies Question;
    return this.#child.ask(question, offer.seconds * 1_000 + drainMaxMs + marginMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
