/** What a part of the limits measures, and the promise that each of its figures is held to. */
import type { Recorder } from '../recorder.ts';

export type Measured = {
  /** `overload goodput` */
  readonly name: string;
  /** With units. */
  readonly figures: string;
  /** The promise, as people say it: `≥ 80 % of peak`. */
  readonly bar: string;
  readonly kept: boolean;
};

export type PartOptions = {
  /** Undefined for the part's own. */
  readonly minutes: number | undefined;
  readonly clients: number | undefined;
  readonly seconds: number | undefined;
  /** In a directory of this part's own. */
  readonly recorder: Recorder;
  readonly tell: (progress: string) => void;
  readonly signal: AbortSignal;
};

export type Part = {
  readonly name: string;
  readonly measure: (options: PartOptions) => Promise<readonly Measured[]>;
};
