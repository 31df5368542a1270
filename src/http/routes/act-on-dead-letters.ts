/** `POST /dead-letters/re-drive` and `/discard`: one letter, or a bounded step through all that match; the answer says what was done and where to go on. */
import { callerOf } from '../context.ts';
import type { Context, Middleware } from '../context.ts';
import type { DeadLetterActionBody } from '../dead-letter-schemas.ts';
import { DeadLetterActionBody as schema } from '../dead-letter-schemas.ts';
import type { ActionRequest, DeadLetters, LetterRefusal } from '../dead-letters.ts';
import { Problem } from '../middleware/problems.ts';
import { parseBody } from '../parse-body.ts';
import { renderReport } from '../render-dead-letter.ts';
import { bodyValidator } from '../validation.ts';
import type { ActionName } from '../../persistence/operator-actions.ts';

export type ActOptions = { readonly letters: DeadLetters; readonly bodyMaxBytes: number };

export function actOnDeadLetters(name: ActionName, { letters, bodyMaxBytes }: ActOptions): Middleware {
  const validate = bodyValidator(schema);
  return async (context) => {
    const validated = validate(await parseBody(context, bodyMaxBytes));
    if ('faults' in validated) throw new Problem('invalid_request', { errors: validated.faults });
    const { force = false, dryRun = false } = validated.value;
    const asked = { name, operator: operatorOf(context), letters: lettersOf(validated.value), force, dryRun };
    const report = await letters.act(asked);
    if (report === undefined) throw new Problem('dead_letter_not_found');
    if (typeof report === 'string') throw refusal(report);
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    context.body = JSON.stringify(renderReport(report, dryRun));
  };
}

const limitDefault = 100;

function operatorOf(context: Context): ActionRequest['operator'] {
  const { keyId, clientId } = callerOf(context);
  return { keyId, clientId };
}

function lettersOf({ letter, filter, cursor, limit = limitDefault }: DeadLetterActionBody): ActionRequest['letters'] {
  if ((letter === undefined) === (filter === undefined)) {
    throw fault('', 'required', 'Either `letter` or `filter` is needed, and not both.');
  }
  if (letter !== undefined) return { ...letter, offset: BigInt(letter.offset) };
  const { since, ...rest } = filter ?? {};
  return { ...rest, cursor, limit, since: since === undefined ? undefined : Date.parse(since) };
}

function refusal(why: LetterRefusal): Problem {
  switch (why) {
    case 'unknown_topic':
      return fault('/filter/topic', 'not_allowed', 'There are no dead letters of such a topic.');
    case 'malformed_cursor':
      return fault('/cursor', 'malformed', 'This was not made by this service.');
  }
}

function fault(pointer: string, code: string, detail: string): Problem {
  return new Problem('invalid_request', { errors: [{ pointer, code, detail }] });
}
