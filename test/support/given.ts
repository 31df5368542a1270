/** Says in one line what a transaction has been through, what is asked of it, and what must come of it. */
import * as assert from 'uvu/assert';

import { applyAll } from '../../src/transaction/apply.ts';
import type { TransactionCommand } from '../../src/transaction/commands.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import { handle } from '../../src/transaction/handle.ts';

type Given = {
  readonly when: (command: TransactionCommand) => { readonly then: (...events: readonly TransactionEvent[]) => void };
};

export function given(...events: readonly TransactionEvent[]): Given {
  return {
    when: (command) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- a sentence in three words; nobody awaits it.
      then: (...expected) => assert.equal(handle(applyAll(events), command), expected),
    }),
  };
}
