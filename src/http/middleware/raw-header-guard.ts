/**
 * Refuses requests that two readers could understand differently. Node folds repeated headers into one (or joins them) and Koa believes any Host,
 * so the raw list of headers is looked at before anybody else reads the request.
 */
import type { Middleware } from '../context.ts';
import { Problem } from './problems.ts';

const single: ReadonlySet<string> = new Set([
  'host',
  'idempotency-key',
  'authorization',
  'x-api-key',
  'content-type',
  'content-encoding',
  'last-event-id',
]);
/** A registered name, an IPv4 or a bracketed IPv6 address, and perhaps a port (RFC 9110, 7.2). */
const hostPattern = /^(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

export function rawHeaderGuard(targetMaxChars: number): Middleware {
  return (context, next) => {
    const { rawHeaders, headers, url = '', httpVersionMinor } = context.req;
    if (url.length > targetMaxChars) throw new Problem('target_too_long', { headers: { Connection: 'close' } });
    refuseRepeated(rawHeaders);
    const { host } = headers;
    if (host === undefined ? httpVersionMinor > 0 : !hostPattern.test(host)) throw new Problem('host_invalid');
    return next();
  };
}

function refuseRepeated(rawHeaders: readonly string[]): void {
  let seen = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!single.has(name)) continue;
    if (seen.includes(`;${name};`)) {
      throw new Problem(name === 'idempotency-key' ? 'idempotency_key_repeated' : 'header_repeated', {
        detail: `The header is ${name}.`,
      });
    }
    seen += `;${name};`;
  }
}
