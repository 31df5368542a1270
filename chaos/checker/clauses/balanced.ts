/** I13: accepted = approved + rejected + pending + parked, what the processes count is what SQL counts, and what must run empty is empty. */
import { answeredId } from '../known.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';
import { parkedIds } from './acknowledged.ts';

export function* balanced(known: Known): Generator<Violation> {
  const accepted = new Set(
    known.requests.filter(({ method }) => method === 'POST').flatMap((request) => answeredId(request) ?? []),
  );
  const parked = parkedIds(known);
  const count = { APPROVED: 0, REJECTED: 0, PENDING: 0, PARKED: 0 };
  for (const id of accepted) {
    const status = known.rowById.get(id)?.status;
    if (status === undefined) continue;
    count[status === 'PENDING' && parked.has(id) ? 'PARKED' : status] += 1;
  }
  const sum = count.APPROVED + count.REJECTED + count.PENDING + count.PARKED;
  if (sum !== accepted.size)
    yield {
      clause: 'I13',
      what: 'the sum is not what was accepted',
      witness: `${accepted.size} accepted, ${JSON.stringify(count)}`,
    };
  yield* miscounted(known);
}

function* miscounted({ calm }: Known): Generator<Violation> {
  if (calm === undefined) return;
  if (calm.opened.rows === 0)
    yield {
      clause: 'I13',
      what: 'nothing was counted',
      witness: 'no transaction was opened in the stretch without faults',
    };
  for (const [what, { metrics, rows }] of [
    ['opened', calm.opened],
    ['settled', calm.settled],
  ] as const) {
    if (metrics !== rows)
      yield {
        clause: 'I13',
        what: `metrics and rows differ in what was ${what}`,
        witness: `${metrics} by metrics, ${rows} by SQL, in a stretch without faults`,
      };
  }
  for (const [name, value] of Object.entries(calm.atRest)) {
    if (value !== 0) yield { clause: 'I13', what: 'a gauge that is not at rest', witness: `${name} is ${value}` };
  }
}
