/** Speaks to Verdict as any client does: over HTTP, with a fresh idempotency key for each transaction unless one is given. */
import { randomUUID } from 'node:crypto';

export type TransactionBody = {
  readonly transactionExternalId: string;
  readonly transactionType: { readonly name: string };
  readonly transactionStatus: { readonly name: 'PENDING' | 'APPROVED' | 'REJECTED' };
  readonly value: number;
  readonly createdAt: string;
  readonly reasons: readonly string[];
  readonly version: number;
};

export type Posted = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly key: string;
};

export type PostOptions = {
  readonly key?: string;
  readonly value?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

export async function post(url: string, options: PostOptions = {}): Promise<Posted> {
  const key = options.key ?? randomUUID();
  const response = await fetch(`${url}/transactions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...options.headers },
    body: options.body ?? bodyOf(options.value ?? 120),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers, key };
}

export function bodyOf(value: number | string): string {
  return JSON.stringify({
    accountExternalIdDebit: '11111111-1111-4111-8111-111111111111',
    accountExternalIdCredit: '22222222-2222-4222-8222-222222222222',
    tranferTypeId: 1,
    value,
  });
}

export async function read(
  url: string,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TransactionBody> {
  const response = await fetch(`${url}/transactions/${id}`, { headers });
  if (response.status !== 200) throw new Error(`GET ${id}: ${response.status} ${await response.text()}`);
  return parseTransaction(await response.text());
}

export function parseTransaction(text: string): TransactionBody {
  return JSON.parse(text);
}
