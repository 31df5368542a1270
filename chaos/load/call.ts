/** One HTTP call, written down whatever becomes of it. */
import type { ClientRequest } from '../checker/evidence.ts';
import type { Client } from './clients.ts';

export type Call = {
  readonly client: Client;
  readonly door: string;
  readonly method: 'POST' | 'GET';
  readonly path: string;
  readonly key?: string;
  readonly body?: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const answerLimitMs = 12_000;

export async function call(asked: Call): Promise<ClientRequest> {
  const { client, door, method, path, key, body, id } = asked;
  const startMs = Date.now();
  const what = {
    ...{ client: client.name, door, method, startMs },
    ...(key === undefined ? {} : { key }),
    ...(body === undefined ? {} : { body }),
    ...(id === undefined ? {} : { id }),
  };
  try {
    const response = await fetch(`${door}${path}`, {
      method,
      headers: {
        ...client.headers,
        ...asked.headers,
        ...(key === undefined ? {} : { 'idempotency-key': key, 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const { status, headers } = response;
    // The answer is an answer only when all of it is there.
    const text = await response.text();
    const location = headers.get('location');
    return {
      ...{ ...what, endMs: Date.now(), status, text, replayed: headers.get('idempotency-replayed') === 'true' },
      ...(location === null ? {} : { location }),
    };
  } catch (error) {
    return { ...what, endMs: Date.now(), status: 0, text: '', error: causeOf(error) };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
