/** What every event log promises, whoever keeps it: records unchanged and in order, delivery at least once, shared groups, honest offsets. */
import { deliveryContract } from './delivery.contract.ts';
import { groupsContract } from './groups.contract.ts';
import { readContract } from './read.contract.ts';
import { recordsContract } from './records.contract.ts';
import { topicsContract } from './topics.contract.ts';
import type { Suite } from '../../support/suite.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function eventLogContract(suite: Suite, subject: EventLogSubject): void {
  const test: ContractTest = (title, body) => suite(title, body, 4 * subject.limitMs + 10_000);
  recordsContract(test, subject);
  deliveryContract(test, subject);
  groupsContract(test, subject);
  topicsContract(test, subject);
  readContract(test, subject);
}
