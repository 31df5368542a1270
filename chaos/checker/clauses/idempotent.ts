/** I4: same client, key and body: one transaction and the same bytes each time. Another body: 422 and no effect. What was no success is never replayed. */
import type { ClientRequest, Row } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* idempotent(known: Known): Generator<Violation> {
  for (const [key, rows] of known.rowsByKey) {
    if (rows.length > 1)
      yield { clause: 'I4', what: `${rows.length} transactions for one key`, witness: key, transactionId: rows[0]?.id };
  }
  for (const [key, posts] of known.postsByKey) {
    const row = known.rowsByKey.get(key)?.[0];
    for (const what of faultsOf(posts, row)) yield { clause: 'I4', what, witness: key, transactionId: row?.id };
  }
}

function* faultsOf(posts: readonly ClientRequest[], row: Row | undefined): Generator<string> {
  const accepted = posts.filter(({ status }) => status === 201);
  const texts = new Set(accepted.map(({ text, location }) => `${location} ${text}`));
  if (texts.size > 1) yield `${texts.size} different answers`;
  if (accepted.filter(({ replayed }) => replayed !== true).length > 1) yield 'more than one answer that is no replay';
  if (posts.some(({ status, replayed }) => status !== 201 && replayed === true)) yield 'a refusal was replayed';
  for (const post of posts) {
    if (post.status === 201 && row !== undefined && !isBodyOf(row, post.body))
      yield 'another body got the answer of the first';
    if (post.status === 422 && (row === undefined || isBodyOf(row, post.body))) yield 'the same body was refused';
    if (post.status >= 400 && post.status < 500 && !deserved.has(post.status))
      yield `an answer that nothing deserved: ${post.status} ${post.text}`;
    if (post.status === 500) yield `a bug was answered: ${post.text}`;
  }
}

/** Did not arrive in time (a front door that was frozen), in flight, key reused, too many. */
const deserved: ReadonlySet<number> = new Set([408, 409, 422, 429]);

function isBodyOf(row: Row, body: string | undefined): boolean {
  const sent: Readonly<Record<string, unknown>> = JSON.parse(body ?? '{}');
  return (
    sent['accountExternalIdDebit'] === row.debit &&
    sent['accountExternalIdCredit'] === row.credit &&
    (sent['transferTypeId'] ?? sent['tranferTypeId']) === row.typeId &&
    Math.round(Number(sent['value']) * 10 ** row.digits) === row.amountMinor
  );
}
