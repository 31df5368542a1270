/** The opaque text for "the page after this transaction": the 16 bytes of its id in base64url. */
import type { TransactionId } from '../transaction/ids.ts';
import { parseTransactionId } from '../transaction/ids.ts';

export function formatPageCursor(id: TransactionId): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

export function parsePageCursor(text: string): TransactionId | undefined {
  if (!/^[A-Za-z0-9_-]{22}$/.test(text)) return undefined;
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const id = parseTransactionId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  return id !== undefined && formatPageCursor(id) === text ? id : undefined;
}
