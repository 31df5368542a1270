/** Reads `Prefer: wait=N` (RFC 7240) and makes the wait end early when nobody is there for it any more. */
import type { Wait } from './api.ts';
import type { Context } from './context.ts';

/** Seconds, none where the preference is absent, zero or not understood: a preference is never an error. The first one counts. */
export function parseWait(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  for (const preference of header.split(',')) {
    const match = /^\s*wait\s*=\s*(?:(\d{1,9})|"(\d{1,9})")\s*(?:;.*)?$/i.exec(preference);
    if (match !== null) return Number(match[1] ?? match[2]) || undefined;
    if (/^\s*wait\s*(?:[=;]|$)/i.test(preference)) return undefined;
  }
  return undefined;
}

export type WaitLimits = {
  /** The longest that one request may hold its connection. */
  readonly waitMaxMs: number;
  /** Aborts when the process closes: the waits answer what is true then. */
  readonly closing: AbortSignal;
};

/** The wait that this request is given: what it asked for, at the most the limit. */
export function waitOf(context: Context, { waitMaxMs, closing }: WaitLimits): Wait | undefined {
  const header = context.req.headers['prefer'];
  const seconds = parseWait(typeof header === 'string' ? header : header?.join());
  if (seconds === undefined) return undefined;
  const left = new AbortController();
  context.res.once('close', () => left.abort());
  return { ms: Math.min(seconds * 1000, waitMaxMs), signal: AbortSignal.any([left.signal, closing]) };
}

/** Says which wait was kept; nothing is said where none was. */
export function preferenceApplied(context: Context, wait: Wait | undefined, waited: boolean): void {
  if (wait !== undefined && waited) context.set('Preference-Applied', `wait=${Math.floor(wait.ms / 1000)}`);
}
