/** I14: no secret and no account id stands in any log, metric, dead letter's header or error body. */
import { chaosHeader } from '../evidence.ts';
import type { Written } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

/** Whatever looks like an id or a credential: looked up, so that a long text is gone through once. */
const token = /[A-Za-z0-9_-]{20,}/g;

export function* noSecrets(known: Known): Generator<Violation> {
  const secrets = new Set(known.secrets);
  for (const { where, text } of texts(known)) {
    const found = text.match(token)?.find((each) => secrets.has(each));
    if (found !== undefined)
      yield { clause: 'I14', what: `a secret in ${kindOf(where)}`, witness: `${where}: ${around(text, found)}` };
  }
}

function* texts({ written, requests, epochs }: Known): Generator<Written> {
  yield* written;
  for (const { door, status, text } of requests) if (status >= 400) yield { where: `error body of ${door}`, text };
  for (const { records } of epochs) {
    for (const { topic, partition, offset, headers } of records) {
      if (!topic.endsWith('.dead')) continue;
      // What was planted is the run's own; what Verdict adds, and what it wrote itself, is looked at.
      const own =
        headers[chaosHeader] === undefined
          ? headers
          : Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('verdict-')));
      yield { where: `headers of ${topic}/${partition} at ${offset}`, text: JSON.stringify(own) };
    }
  }
}

function kindOf(where: string): string {
  return where.split(' of ')[0] ?? where;
}

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 120), at + found.length + 40);
}
