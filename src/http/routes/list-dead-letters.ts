/** `GET /dead-letters` and `GET /dead-letters/:topic/:partition/:offset`: what was set aside, for whoever runs this. */
import type { Middleware } from '../context.ts';
import { DeadLetterParameters } from '../dead-letter-schemas.ts';
import type { DeadLetters, LetterRefusal } from '../dead-letters.ts';
import { Problem } from '../middleware/problems.ts';
import { renderLetter, renderLetters } from '../render-dead-letter.ts';
import { queryValidator } from '../validation.ts';
import type { PageLimits } from './list-transactions.ts';

export function listDeadLetters(letters: DeadLetters, { pageDefault, pageMax }: PageLimits): Middleware {
  const validate = queryValidator(DeadLetterParameters);
  return async (context) => {
    const validated = validate(context.query);
    if ('faults' in validated) throw new Problem('invalid_query', { errors: validated.faults });
    const { limit: asked, since, ...rest } = validated.value;
    const limit = asked === undefined ? pageDefault : Number(asked);
    if (limit > pageMax) throw fault('limit', 'too_large', `At most ${pageMax}.`);
    const page = await letters.list({ ...rest, limit, since: since === undefined ? undefined : Date.parse(since) });
    if (typeof page === 'string') throw refusal(page);
    if (page.next !== null) {
      const search = new URLSearchParams({ ...validated.value, cursor: page.next });
      context.set('Link', `</dead-letters?${search.toString()}>; rel="next"`);
    }
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    context.body = JSON.stringify(renderLetters(page));
  };
}

export function readDeadLetter(letters: DeadLetters): Middleware {
  return async (context) => {
    const { topic = '', partition = '', offset = '' } = context.params;
    if (!/^\d{1,5}$/.test(partition) || !/^\d{1,15}$/.test(offset)) throw new Problem('dead_letter_not_found');
    const found = await letters.read({ topic, partition: Number(partition), offset: BigInt(offset) });
    if (found === undefined) throw new Problem('dead_letter_not_found');
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    context.body = JSON.stringify(renderLetter(found));
  };
}

function refusal(why: LetterRefusal): Problem {
  switch (why) {
    case 'unknown_topic':
      return fault('topic', 'not_allowed', 'There are no dead letters of such a topic.');
    case 'malformed_cursor':
      return fault('cursor', 'malformed', 'This was not made by this service.');
  }
}

function fault(parameter: string, code: string, detail: string): Problem {
  return new Problem('invalid_query', { errors: [{ parameter, code, detail }] });
}
