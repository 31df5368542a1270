/** What a clause says of a run: nothing, or what is broken, each time with a witness whose story can be told. */
import type { Known } from './known.ts';

export type ClauseName =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I11'
  | 'I12'
  | 'I13'
  | 'I14'
  | 'I15';

export type Violation = {
  readonly clause: ClauseName;
  readonly what: string;
  readonly witness: string;
  /** Whose timeline is to be shown. */
  readonly transactionId?: string | undefined;
};

export type Clause = (known: Known) => Iterable<Violation>;
