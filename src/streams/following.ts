/**
 * One follower's way through the journal: every entry after its cursor that passes, exactly once, in cursor order. It pulls; what has left the ring it reads again.
 * While it waits at the end of the ring, entries that do not pass neither wake it nor allocate anything: with 5,000 streams that waited in promises, five transactions
 * a second made 150 MB of garbage a second, of which 33 outlived the young generation.
 */
import { compareCursors } from '../persistence/cursor.ts';
import type { JournalCursor } from '../persistence/cursor.ts';
import type { JournalEntry } from '../persistence/statements.ts';
import type { DirectReads, JournalBatch } from './direct-reads.ts';
import type { JournalReading } from './journal-reading.ts';
import { orAborted } from './or-aborted.ts';
import type { Touched, TouchedPage } from './touched.ts';

export type Interest = {
  readonly passes: (entry: JournalEntry) => boolean;
  /** Where it is named, whatever passes touches it; other pages are skipped without a look at their entries. */
  readonly touching?: Touched;
  /** Nothing up to here passes that the follower was not given before; told only while it asks for more. */
  readonly passedOver: (upTo: JournalCursor) => void;
};

/** While it is held, the journal is read. */
export type Lease = { readonly reading: JournalReading; readonly [Symbol.dispose]: () => void };

export type FollowingOptions = {
  readonly lease: () => Lease;
  readonly direct: DirectReads;
  readonly pageMax: number;
  /** Whoever follows has left, or everything closes. */
  readonly signals: readonly [AbortSignal, AbortSignal];
  readonly interest: Interest;
};

export const everything: Interest = { passes: () => true, passedOver: () => undefined };

export async function* following(options: FollowingOptions, from: JournalCursor): AsyncGenerator<JournalBatch, void> {
  const { lease, direct, pageMax, signals, interest } = options;
  const [leaving, closing] = signals;
  using held = lease();
  const { reading } = held;
  let at = from;
  const skips = ({ entries, touched }: TouchedPage): boolean => {
    const concerned = interest.touching === undefined || touched.has(interest.touching);
    for (const entry of concerned ? entries : [])
      if (compareCursors(entry.cursor, at) > 0 && interest.passes(entry)) return false;
    const end = entries.at(-1)?.cursor ?? at;
    if (compareCursors(end, at) > 0) interest.passedOver((at = end));
    return true;
  };
  using sleeper = reading.sleeper(leaving, skips);
  const ring = await reading.positioned(leaving);
  while (ring !== undefined && reading.runs && !leaving.aborted && !closing.aborted) {
    const batch =
      compareCursors(at, ring.start) < 0
        ? await orAborted(direct.read(at, ring.start), AbortSignal.any([leaving, closing]))
        : ring.batchAfter(at, pageMax);
    if (batch === undefined) {
      await sleeper.sleep();
      continue;
    }
    at = batch.cursor;
    const entries = batch.entries.filter(interest.passes);
    if (entries.length > 0) yield { entries, cursor: at };
    else interest.passedOver(at);
  }
  if (reading.fault !== undefined && !leaving.aborted && !closing.aborted) throw reading.fault;
}
