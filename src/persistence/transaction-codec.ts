/** A transaction as text and back, exact to the last minor unit. Text that this version did not write, or that something has damaged, reads as undefined. */
import type { Decision } from '../transaction/decision.ts';
import { parseAccountId, parseClientId, parseIdempotencyKey, parseTransactionId } from '../transaction/ids.ts';
import type { KnownTransaction, OpenedTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';

/** Changes with the shape of what is written; what an older or newer release wrote is not guessed at. */
const format = 1;

/** Equal transactions give equal text, whatever order their members were made in. */
export function encodeTransaction(transaction: KnownTransaction): string {
  const { status, version, opened } = transaction;
  const decision = isTerminal(transaction) ? writeDecision(transaction.decision) : undefined;
  return JSON.stringify({ format, status, version, opened: writeOpened(opened), decision });
}

export function decodeTransaction(text: string): KnownTransaction | undefined {
  const whole = parseObject(text);
  if (whole === undefined || whole['format'] !== format) return undefined;
  const { status, version } = whole;
  const opened = readOpened(whole['opened']);
  if (opened === undefined) return undefined;
  if (status === 'PENDING') return version === 1 ? { status, version, opened } : undefined;
  const decision = readDecision(whole['decision']);
  if (decision === undefined || decision.outcome !== status || (version !== 2 && version !== 3)) return undefined;
  return { status: decision.outcome, version, opened, decision };
}

function writeOpened(opened: OpenedTransaction): object {
  const { id, clientId, idempotencyKey, debitAccountId, creditAccountId, digits, currency, transferType } = opened;
  const { createdAt, decideBy } = opened;
  const amountMinor = opened.amountMinor.toString();
  return {
    id,
    clientId,
    idempotencyKey,
    debitAccountId,
    creditAccountId,
    amountMinor,
    digits,
    currency,
    transferType: { id: transferType.id, name: transferType.name },
    createdAt,
    decideBy,
  };
}

function writeDecision({ outcome, reasons, ruleset, decidedBy, decidedAt }: Decision): Decision {
  return { outcome, reasons, ruleset, decidedBy, decidedAt };
}

function readOpened(value: unknown): OpenedTransaction | undefined {
  if (!isObject(value)) return undefined;
  const id = parsed(value['id'], parseTransactionId);
  const clientId = parsed(value['clientId'], parseClientId);
  const idempotencyKey = parsed(value['idempotencyKey'], parseIdempotencyKey);
  const debitAccountId = parsed(value['debitAccountId'], parseAccountId);
  const creditAccountId = parsed(value['creditAccountId'], parseAccountId);
  const amountMinor = parsed(value['amountMinor'], parseMinor);
  const { digits, currency, transferType, createdAt, decideBy } = value;
  if (id === undefined || clientId === undefined || idempotencyKey === undefined) return undefined;
  if (debitAccountId === undefined || creditAccountId === undefined || amountMinor === undefined) return undefined;
  if (typeof digits !== 'number' || typeof createdAt !== 'number' || typeof decideBy !== 'number') return undefined;
  if (currency !== null && typeof currency !== 'string') return undefined;
  if (!isObject(transferType)) return undefined;
  const { id: typeId, name } = transferType;
  if (typeof typeId !== 'number' || typeof name !== 'string') return undefined;
  return {
    id,
    clientId,
    idempotencyKey,
    debitAccountId,
    creditAccountId,
    amountMinor,
    digits,
    currency,
    transferType: { id: typeId, name },
    createdAt,
    decideBy,
  };
}

function readDecision(value: unknown): Decision | undefined {
  if (!isObject(value)) return undefined;
  const { outcome, reasons, ruleset, decidedBy, decidedAt } = value;
  if (outcome !== 'APPROVED' && outcome !== 'REJECTED') return undefined;
  if (decidedBy !== 'RULES' && decidedBy !== 'DEADLINE') return undefined;
  if (!Array.isArray(reasons) || !reasons.every((each) => typeof each === 'string')) return undefined;
  if ((ruleset !== null && typeof ruleset !== 'string') || typeof decidedAt !== 'number') return undefined;
  return { outcome, reasons, ruleset, decidedBy, decidedAt };
}

function parsed<Value>(value: unknown, parse: (text: string) => Value | undefined): Value | undefined {
  return typeof value === 'string' ? parse(value) : undefined;
}

function parseMinor(text: string): bigint | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? BigInt(text) : undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON at all.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
