/** What the peers beside Verdict make of a request, and the one comparison that is all their anti-fraud. */
import type { IncomingMessage } from 'node:http';

import { getRawBody } from 'raw-body';

export type Order = {
  readonly accountExternalIdDebit: string;
  readonly accountExternalIdCredit: string;
  readonly tranferTypeId: number;
  readonly value: number;
};

export type Status = 'APPROVED' | 'REJECTED';

const limit = 1000;
const bodyMaxBytes = 16_384;

export function judge(value: number): Status {
  return value > limit ? 'REJECTED' : 'APPROVED';
}

export async function readOrder(request: IncomingMessage): Promise<Order> {
  return JSON.parse(await getRawBody(request, { encoding: 'utf8', limit: bodyMaxBytes }));
}
