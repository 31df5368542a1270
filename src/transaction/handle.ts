/** Decides what a command does to a transaction. Commands arrive at least once, so a command that the state has already absorbed yields no events. */
import type { TransactionCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import type { TransactionEvent } from './events.ts';
import type { TransactionState } from './states.ts';

export function handle(state: TransactionState, command: TransactionCommand): readonly TransactionEvent[] {
  switch (command.type) {
    case 'OpenTransaction':
      return state.status === 'UNKNOWN'
        ? [{ type: 'TransactionOpened', at: command.transaction.createdAt, transaction: command.transaction }]
        : [];
    case 'ApplyDecision':
      return applyDecision(state, command.decision, command.at);
    case 'ExpireTransaction':
      return state.status === 'PENDING' && command.at >= state.opened.decideBy
        ? [firstDecision(deadlineDecision(command.policy, command.at), command.at)]
        : [];
  }
}

/** The first decision is final. One that comes after the deadline decided is kept once, as superseded; any other changes nothing. */
function applyDecision(state: TransactionState, decision: Decision, at: number): readonly TransactionEvent[] {
  switch (state.status) {
    case 'UNKNOWN':
      return [];
    case 'PENDING':
      return [firstDecision(decision, at)];
    case 'APPROVED':
    case 'REJECTED':
      return state.decision.decidedBy === 'DEADLINE' && state.version === 2
        ? [{ type: 'DecisionSuperseded', at, decision }]
        : [];
  }
}

/** What a decision makes of a transaction that is PENDING, whatever else is known of it. */
export function firstDecision(
  decision: Decision,
  at: number,
): Extract<TransactionEvent, { type: 'TransactionApproved' | 'TransactionRejected' }> {
  return { type: decision.outcome === 'APPROVED' ? 'TransactionApproved' : 'TransactionRejected', at, decision };
}

function deadlineDecision(policy: Decision['outcome'], at: number): Decision {
  return {
    outcome: policy,
    reasons: ['DECISION_DEADLINE_EXCEEDED'],
    ruleset: null,
    decidedBy: 'DEADLINE',
    decidedAt: at,
  };
}
