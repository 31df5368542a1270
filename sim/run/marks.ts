/** Rare states that a campaign has to reach: one that never saw them has proven less than it says. */
import { armedFaults, faultKinds } from '../faults/fault-kinds.ts';

const states = [
  'batch-rejected',
  'commit-of-an-old-generation',
  'dead-letter',
  'decision-superseded',
  'key-in-flight',
  'key-reused',
  'lease-taken-from-a-zombie',
  'replayed',
  'sent-again',
  'settled-by-deadline',
  'settlement-repeated',
  'stopped-gently',
  'stream-resumed',
  'zombie-consumer',
  'announcementsDropped overflow',
  'announcementsDropped failed',
  'heldBack',
  'keyStoreFailed',
  'repeats screen',
  'repeats settle',
];

export function missingMarks(reached: ReadonlySet<string>): readonly string[] {
  const expected = [
    ...states,
    ...faultKinds.map((kind) => `fault ${kind}`),
    ...armedFaults.map((kind) => `struck by ${kind}`),
  ];
  return expected.filter((mark) => !reached.has(mark));
}
