/** The settlement role: brings each decision to the actor of its transaction. */
import { Failure } from '../platform/failure.ts';
import type { DeliveredDecision } from '../streams/event-kinds.ts';
import type { SettleOutcome } from '../streams/settle.ts';
import { settle } from '../streams/settle.ts';
import type { LogAndKeys } from './consuming.ts';
import { consumingOptions } from './consuming.ts';
import type { Pipelines } from './pipelines.ts';
import type { Tools } from './tools.ts';
import type { Transactions } from './transactions.ts';

export function settlement(tools: Tools, parts: LogAndKeys & Transactions, pipelines: Pipelines): void {
  pipelines.start('settle', (signal) =>
    settle({
      ...consumingOptions(tools, parts, { pipeline: 'settle', signal }),
      settle: (decisions) => Promise.all(decisions.map((decision) => deliver(tools, parts, decision))),
    }),
  );
}

/** Asked one by one, written together: the store gathers what the actors of a batch want. */
async function deliver(
  { clock }: Tools,
  { directory }: Transactions,
  delivered: DeliveredDecision,
): Promise<SettleOutcome> {
  const { transactionId, decision } = delivered;
  try {
    return (await directory.ask(transactionId, { type: 'ApplyDecision', decision, at: clock.now() })).type;
  } catch (error) {
    if (error instanceof Failure && error.code === 'database_refused') return 'refused';
    throw error;
  }
}
