/**
 * One JSON line on standard output for each event that an operator needs. No secret and no account id leaves through it:
 * named fields are hidden, and of an error only what is known to be harmless is kept, with every UUID and every password in a URL taken out.
 */
import { pino, stdTimeFunctions } from 'pino';

import type { DestinationStream } from 'pino';
import { describeError } from './describe-error.ts';

export type Log = {
  readonly debug: LogWrite;
  readonly info: LogWrite;
  readonly warn: LogWrite;
  readonly error: LogWrite;
  readonly fatal: LogWrite;
};

/** Errors go in a field called `error` or `err`. */
export type LogWrite = (fields: object, message: string) => void;

export type LoggerOptions = {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** What this process does; in every line. */
  readonly role: string;
  /** Standard output where it is left out. */
  readonly destination?: DestinationStream;
};

const hiddenNames = [
  'debitAccountId',
  'creditAccountId',
  'accountId',
  'account',
  'accountExternalIdDebit',
  'accountExternalIdCredit',
  'authorization',
  'Authorization',
  'apiKey',
  'pepper',
  'hash',
  'password',
  'token',
  'idempotencyKey',
  'body',
  'url',
];

export function openLogger({ level, role, destination }: LoggerOptions): Log {
  const options = {
    level,
    base: { role, pid: process.pid },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    redact: { paths: hiddenNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  const write =
    (method: keyof Log): LogWrite =>
    (fields, message) =>
      logger[method](fields, message);
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}

/** The shape in which adapters tell what they ride out. */
export function logLineOf(
  log: Log,
): (level: 'debug' | 'info' | 'warn' | 'error', fields: object, message: string) => void {
  return (level, fields, message) => log[level](fields, message);
}
