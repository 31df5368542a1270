/** All checks that look at a run after its end. */
import type { Topics } from '../../src/streams/topics.ts';
import type { ClientLog } from '../clients/client-log.ts';
import type { Subscriber } from '../clients/subscriber.ts';
import type { Poisoned } from '../faults/foreign-records.ts';
import type { World } from '../kernel/world.ts';
import type { Broker } from '../ports/broker.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Fleet } from '../processes/fleet.ts';
import { checkAnswers } from './answers.ts';
import { checkCounts } from './counts.ts';
import { checkDeadLetters } from './dead-letters.ts';
import { checkJournal } from './journal.ts';
import { checkSecrets } from './secrets.ts';
import { checkSettlements } from './settlements.ts';
import { checkStreams } from './streams.ts';
import type { LogIndex } from './watch-log.ts';

export type Evidence = {
  readonly world: World;
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly index: LogIndex;
  readonly topics: Topics;
  readonly clients: ClientLog;
  readonly subscribers: readonly Subscriber[];
  readonly poisoned: Poisoned;
  readonly fleet: Fleet;
  readonly logLines: readonly LogLine[];
  /** Faults ended and everything came to rest. */
  readonly atRest: boolean;
  readonly faultFree: boolean;
};

export type LogLine = { readonly fields: object; readonly message: string };

export function check(evidence: Evidence): void {
  checkJournal(evidence);
  checkAnswers(evidence);
  checkStreams(evidence);
  checkDeadLetters(evidence);
  checkSettlements(evidence);
  checkCounts(evidence);
  checkSecrets(evidence);
}
