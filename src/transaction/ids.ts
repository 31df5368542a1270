/** Branded identifiers: a string becomes one only at the edge, where it is parsed. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A UUID of version 7, lower case; sorts by creation time. */
export type TransactionId = Branded<'TransactionId'>;
/** A UUID, lower case, that names an account of the caller. */
export type AccountId = Branded<'AccountId'>;
/** Who a transaction belongs to: `^[a-z0-9][a-z0-9-]{0,62}$`. */
export type ClientId = Branded<'ClientId'>;
/** `^[A-Za-z0-9_.:-]{8,128}$`, unique per client. */
export type IdempotencyKey = Branded<'IdempotencyKey'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function parseTransactionId(text: string): TransactionId | undefined {
  const lower = text.toLowerCase();
  return uuid.test(lower) ? (lower as TransactionId) : undefined;
}

export function parseAccountId(text: string): AccountId | undefined {
  const lower = text.toLowerCase();
  return uuid.test(lower) ? (lower as AccountId) : undefined;
}

export function parseClientId(text: string): ClientId | undefined {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text) ? (text as ClientId) : undefined;
}

export function parseIdempotencyKey(text: string): IdempotencyKey | undefined {
  return /^[A-Za-z0-9_.:-]{8,128}$/.test(text) ? (text as IdempotencyKey) : undefined;
}

/** Milliseconds since the Unix epoch: the first 48 bits of a UUID of version 7 (RFC 9562). */
export function createdAtOf(id: TransactionId): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
