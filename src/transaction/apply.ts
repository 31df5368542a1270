/** Folds what happened into where the transaction is. Events that cannot follow the state are bugs and throw. */
import type { TransactionEvent } from './events.ts';
import type { TransactionState } from './states.ts';
import { unknownTransaction } from './states.ts';

export function apply(state: TransactionState, event: TransactionEvent): TransactionState {
  switch (event.type) {
    case 'TransactionOpened':
      if (state.status !== 'UNKNOWN') throw impossible(state, event);
      return { status: 'PENDING', version: 1, opened: event.transaction };
    case 'TransactionApproved':
    case 'TransactionRejected':
      if (state.status !== 'PENDING') throw impossible(state, event);
      return { status: event.decision.outcome, version: 2, opened: state.opened, decision: event.decision };
    case 'DecisionSuperseded':
      if (state.status === 'UNKNOWN' || state.status === 'PENDING' || state.version !== 2)
        throw impossible(state, event);
      return { ...state, version: 3 };
  }
}

export function applyAll(
  events: readonly TransactionEvent[],
  from: TransactionState = unknownTransaction,
): TransactionState {
  return events.reduce(apply, from);
}

function impossible(state: TransactionState, event: TransactionEvent): Error {
  return new Error(`${event.type} cannot follow ${state.status} at version ${state.version}`);
}
