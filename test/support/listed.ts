/** Everything that a client can list, read page by page as a client does, and when it is at rest. */
import type { TransactionBody } from '../../tools/run/client.ts';
import { within } from './within.ts';

type Page = { readonly items: readonly TransactionBody[]; readonly next: string | null };
type Headers = Readonly<Record<string, string>>;
export type ListedRow = {
  readonly id: string;
  readonly key: string;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED';
};

export async function listAll(url: string, headers: Headers = {}): Promise<readonly TransactionBody[]> {
  const all: TransactionBody[] = [];
  for (let cursor = ''; ;) {
    const page = await readPage(`${url}/transactions?limit=100${cursor}`, headers);
    all.push(...page.items);
    if (page.next === null) return all;
    cursor = `&cursor=${page.next}`;
  }
}

/** Throws unless nothing is PENDING within the limit. */
export async function allTerminal(url: string, limitMs: number): Promise<void> {
  await within(limitMs, 'nothing is PENDING', async () => {
    return (await readPage(`${url}/transactions?status=PENDING&limit=1`, {})).items.length === 0;
  });
}

/** In the shape in which streams are compared with rows; a list knows no keys. */
export function toRow({ transactionExternalId, transactionStatus }: TransactionBody): ListedRow {
  return { id: transactionExternalId, key: '', status: transactionStatus.name };
}

async function readPage(address: string, headers: Headers): Promise<Page> {
  const response = await fetch(address, { headers });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${address}: ${response.status} ${text}`);
  const page: Page = JSON.parse(text);
  return page;
}
