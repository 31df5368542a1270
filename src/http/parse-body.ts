/**
 * Reads a bounded JSON body. A number called `value` is kept as the text it was written in, so that money never passes through a binary fraction;
 * the last of two members of the same name counts, and `__proto__` is a name like any other.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

import { getRawBody } from 'raw-body';

import type { Context } from './context.ts';
import { Problem } from './middleware/problems.ts';

/** A body that is too large is still swallowed up to here, so that the answer reaches a caller who is still sending; then the connection is cut. */
const swallowMaxBytes = 1_048_576;

const jsonMediaType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

export async function parseBody(context: Context, bodyMaxBytes: number): Promise<unknown> {
  const { 'content-type': mediaType, 'content-encoding': encoding } = context.req.headers;
  if (mediaType === undefined || !jsonMediaType.test(mediaType) || (encoding ?? 'identity') !== 'identity') {
    throw new Problem('media_type_unsupported', { headers: { Accept: 'application/json' } });
  }
  const bytes = await readBytes(context.req, bodyMaxBytes);
  if (!isUtf8(bytes)) throw new Problem('malformed_body', { detail: 'The body is not UTF-8.' });
  return parseJson(bytes.toString('utf8'));
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(request, { length: request.headers['content-length'] ?? null, limit });
  } catch (error) {
    const type = error instanceof Error && 'type' in error ? error.type : undefined;
    if (type === 'entity.too.large') {
      swallow(request);
      throw new Problem('body_too_large', { detail: `The limit is ${limit} bytes.` });
    }
    if (type === 'request.aborted' || type === 'request.size.invalid') throw new Problem('malformed_request');
    throw error;
  }
}

/** The context of a reviver is not in TypeScript's library yet: the third argument holds the source text of a primitive. */
function keepValueText(name: string, value: unknown, source?: { readonly source?: string }): unknown {
  return name === 'value' && typeof value === 'number' ? source?.source : value;
}

export function parseJson(text: string): unknown {
  try {
    return withPlainValue(text) ?? JSON.parse(text, keepValueText);
  } catch {
    // A SyntaxError, or a RangeError where brackets are nested thousands deep; its message would quote the body.
    throw new Problem('malformed_body');
  }
}

const valueText = /\s*:\s*([^\s,}]+)/y;

/**
 * What the reviver gives, at a third of its cost: without escapes, and with `"value"` written once, a number that is the object's own `value` stands right behind it.
 * Undefined where it takes the reviver to know.
 */
function withPlainValue(text: string): object | undefined {
  const at = text.indexOf(valueName);
  if (at === -1 || text.includes('\\') || text.includes(valueName, at + 1)) return undefined;
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null || !('value' in data)) return undefined;
  if (typeof data.value !== 'number') return data;
  valueText.lastIndex = at + valueName.length;
  const written = valueText.exec(text)?.[1];
  return written === undefined ? undefined : Object.assign(data, { value: written });
}

const valueName = '"value"';

function swallow(request: IncomingMessage): void {
  let swallowed = 0;
  request.on('data', (chunk: Buffer) => {
    swallowed += chunk.length;
    if (swallowed > swallowMaxBytes) request.destroy();
  });
  request.resume();
}
