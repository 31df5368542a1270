/** Waits until a transaction is terminal, but no longer than `waitMs` and no longer than the signal; resolves with what is true then. */
import type { Clock } from '../platform/clock.ts';
import type { ClientId, TransactionId } from '../transaction/ids.ts';
import type { KnownTransaction } from '../transaction/states.ts';
import type { Directory } from './directory.ts';

export type AwaitParts = { readonly directory: Pick<Directory, 'ask'>; readonly clock: Clock };

export type AwaitRequest = {
  readonly id: TransactionId;
  readonly clientId: ClientId;
  readonly waitMs: number;
  readonly signal: AbortSignal;
};

/** Undefined where the client has no such transaction. */
export async function awaitTerminal(
  { directory, clock }: AwaitParts,
  { id, clientId, waitMs, signal }: AwaitRequest,
): Promise<KnownTransaction | undefined> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const timer = clock.sleep(waitMs, ending.signal).then(end);
  try {
    return await directory.ask(id, { type: 'AwaitTerminal', clientId, signal: ending.signal });
  } finally {
    signal.removeEventListener('abort', end);
    end();
    await timer;
  }
}
