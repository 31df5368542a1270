/** I14: no account id leaves through a log line or the body of an error. */
import { describeError } from '../../src/platform/describe-error.ts';
import type { Evidence } from './check.ts';

export function checkSecrets({ world, ledger, logLines, clients }: Evidence): void {
  const accounts = [...ledger.rows.values()].flatMap(({ transaction: { opened } }) => [
    opened.debitAccountId,
    opened.creditAccountId,
  ]);
  const leak = (text: string): boolean => accounts.some((account) => text.includes(account));
  for (const { fields, message } of logLines) {
    if (leak(`${message} ${JSON.stringify(fields, withErrors)}`))
      world.violate('I14', `an account id in the log line "${message}"`);
  }
  for (const { status, answer } of clients.posts) {
    if (status !== undefined && status >= 400 && leak(answer))
      world.violate('I14', `an account id in an answer ${status}`);
  }
}

/** As the logger writes them. */
function withErrors(_name: string, value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  return typeof value === 'bigint' ? value.toString() : value;
}
