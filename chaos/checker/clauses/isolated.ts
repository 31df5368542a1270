/** I9: nothing of one client is visible to another: no body, no error, no frame holds the id of somebody else's transaction, and asking for it answers 404. */
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export function* isolated(known: Known): Generator<Violation> {
  const owner = (id: string): string | undefined => known.rowById.get(id)?.client;
  for (const { client, method, id, status, text } of known.requests) {
    const stranger = id !== undefined && owner(id) !== undefined && owner(id) !== client;
    if (method === 'GET' && stranger && status !== 404 && status !== 0 && status < 500)
      yield {
        clause: 'I9',
        what: `asked for another client's transaction and got ${status}`,
        witness: `${client} ${id}`,
        transactionId: id,
      };
    const shown = (text.match(uuid) ?? []).find((each) => owner(each) !== undefined && owner(each) !== client);
    if (shown !== undefined)
      yield {
        clause: 'I9',
        what: "an answer shows another client's transaction",
        witness: `${client}: ${text}`,
        transactionId: shown,
      };
  }
  for (const { name, client, frames } of known.transcripts) {
    for (const { transactionId, id } of frames) {
      if (owner(transactionId) !== undefined && owner(transactionId) !== client)
        yield {
          clause: 'I9',
          what: "a stream shows another client's transaction",
          witness: `${name}: ${id}`,
          transactionId,
        };
    }
  }
}
