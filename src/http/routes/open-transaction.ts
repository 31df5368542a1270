/** `POST /transactions`: opens a transaction once per client and idempotency key; every repeat gets the first answer's bytes. */
import type { Api, OpenAnswer } from '../api.ts';
import type { Context, Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import { Problem } from '../middleware/problems.ts';
import type { OpenContent } from '../open-body.ts';
import { parseBody } from '../parse-body.ts';
import type { WaitLimits } from '../prefer.ts';
import { preferenceApplied, waitOf } from '../prefer.ts';
import { renderTransaction } from '../render.ts';
import type { IdempotencyKey } from '../../transaction/ids.ts';
import { parseIdempotencyKey } from '../../transaction/ids.ts';

export type OpenTransactionOptions = WaitLimits & {
  readonly api: Api;
  readonly bodyMaxBytes: number;
  readonly readOpenBody: (body: unknown) => OpenContent;
};

export function openTransaction(options: OpenTransactionOptions): Middleware {
  const { api, bodyMaxBytes, readOpenBody } = options;
  return async (context) => {
    const clientId = clientOf(context);
    const idempotencyKey = readKey(context);
    const body = await parseBody(context, bodyMaxBytes);
    const content = readOpenBody(body);
    const wait = waitOf(context, options);
    const answer = await api.open({ clientId, idempotencyKey, ...content, wait });
    if (answer.type !== 'opened') throw refusal(answer, body);
    context.status = 201;
    context.set('Location', `/transactions/${answer.transaction.opened.id}`);
    context.set('Cache-Control', 'no-store');
    context.set('Content-Type', 'application/json');
    if (answer.replayed) context.set('Idempotency-Replayed', 'true');
    preferenceApplied(context, wait, answer.waited);
    context.body = renderTransaction(answer.transaction);
  };
}

function readKey({ req }: Context): IdempotencyKey {
  const header = req.headers['idempotency-key'];
  if (typeof header !== 'string') throw new Problem('idempotency_key_missing');
  const key = parseIdempotencyKey(header);
  if (key === undefined) throw new Problem('idempotency_key_malformed');
  return key;
}

function refusal(answer: Exclude<OpenAnswer, { type: 'opened' }>, body: unknown): Problem {
  switch (answer.type) {
    case 'in_flight': {
      const seconds = Math.max(1, Math.ceil(answer.retryAfterMs / 1000));
      return new Problem('idempotency_key_in_flight', { headers: { 'Retry-After': String(seconds) } });
    }
    case 'key_reused':
      return new Problem('idempotency_key_reused', {
        errors: answer.differing.map((pointer) => ({
          pointer: asSpelt(pointer, body),
          code: 'differs',
          detail: 'This differs from the first request with the key.',
        })),
      });
  }
}

/** Points at the spelling that the caller used. */
function asSpelt(pointer: string, body: unknown): string {
  const other = typeof body === 'object' && body !== null && !('transferTypeId' in body);
  return pointer === '/transferTypeId' && other ? '/tranferTypeId' : pointer;
}
