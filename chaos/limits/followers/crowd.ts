/** Many followers of one front door, in as few processes as can hold them; they stay until the crowd is disposed of. */
import type { Place } from '../../checker/cursor-id.ts';
import { eventually } from '../../wait.ts';
import { Child } from '../child.ts';
import type { Look, Question, Transcript } from './protocol.ts';

export type CrowdOptions = {
  readonly url: string;
  readonly count: number;
  readonly paths: readonly string[];
  readonly lastEventId?: string;
  readonly stalls?: boolean;
};

const perProcess = 2_500;
/** Of all processes together: a new stream costs the front door about a millisecond. */
const arrivalsPerSecond = 400;
const openLimitMs = 120_000;
const lookLimitMs = 20_000;
const transcriptsLimitMs = 60_000;
const everyMs = 250;

export class Crowd implements AsyncDisposable {
  readonly count: number;
  readonly #children: readonly Child[];

  private constructor(count: number) {
    this.count = count;
    const program = new URL('main.ts', import.meta.url);
    this.#children = Array.from({ length: Math.ceil(count / perProcess) }, () => new Child(program));
  }

  /** Resolves when every one of them has the head of its answer. */
  static async open({ url, count, paths, lastEventId, stalls = false }: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(count);
    try {
      const { length } = crowd.#children;
      const share = (index: number): number =>
        Math.floor(((index + 1) * count) / length) - Math.floor((index * count) / length);
      await crowd.#ask((index) => {
        const who = { count: share(index), perSecond: arrivalsPerSecond / length };
        return { type: 'follow', url, paths, stalls, ...who, ...(lastEventId === undefined ? {} : { lastEventId }) };
      }, openLimitMs);
      if (!(await crowd.allOpen(openLimitMs))) throw new Error(`not all of ${count} followers got in`);
      return crowd;
    } catch (error) {
      await crowd[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pids(): readonly number[] {
    return this.#children.map(({ pid }) => pid);
  }

  allOpen(limitMs: number): Promise<boolean> {
    return eventually(limitMs, async () => (await this.look()).open === this.count, everyMs);
  }

  allReach(place: Place, limitMs: number): Promise<boolean> {
    return eventually(limitMs, async () => (await this.look(place)).reached === this.count, everyMs);
  }

  async look(place?: Place): Promise<Look> {
    const question = { type: 'look', ...(place === undefined ? {} : { place }) } satisfies Question;
    const looks = await this.#ask<Look>(() => question, lookLimitMs);
    const sum = (pick: (look: Look) => number): number => looks.reduce((total, each) => total + pick(each), 0);
    return {
      open: sum(({ open }) => open),
      connections: sum(({ connections }) => connections),
      refusals: sum(({ refusals }) => refusals),
      frames: sum(({ frames }) => frames),
      heartbeatsMin: Math.min(...looks.map(({ heartbeatsMin }) => heartbeatsMin)),
      reached: sum(({ reached }) => reached),
    };
  }

  async transcripts(): Promise<readonly Transcript[]> {
    return (await this.#ask<readonly Transcript[]>(() => ({ type: 'transcripts' }), transcriptsLimitMs)).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => child[Symbol.asyncDispose]()));
  }

  #ask<Answer>(question: (index: number) => Question, limitMs: number): Promise<readonly Answer[]> {
    return Promise.all(this.#children.map((child, index) => child.ask<Answer>(question(index), limitMs)));
  }
}
