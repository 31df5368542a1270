/** Kafka keeps the contract of the event log. */
import { systemClock } from '../../../../src/platform/clock.ts';
import { systemEntropy } from '../../../../src/platform/entropy.ts';
import { openKafkaLog } from '../../../../src/platform/event-log/kafka.ts';
import { eventLogContract } from '../../../platform/event-log/event-log.contract.ts';
import { liveServices } from '../../../support/services.ts';
import { suite } from '../../../support/suite.ts';
import type { EventLog } from '../../../../src/platform/event-log/event-log.ts';
import type { LiveServices } from '../../../support/services.ts';

const test = suite('Kafka event log');

let services: LiveServices | undefined;
let log: EventLog | undefined;

test.before(async () => {
  services = await liveServices();
  log = await openKafkaLog({
    brokers: services.env.KAFKA_BROKERS.split(','),
    clientId: 'contract',
    clock: systemClock,
    entropy: systemEntropy,
    log: (level, fields, message) => {
      if (process.env['VERDICT_TEST_LOG'] !== undefined) console.error(level, message, fields);
    },
  });
});

test.after(async () => {
  await log?.[Symbol.asyncDispose]();
  await services?.[Symbol.asyncDispose]();
});

eventLogContract(test, {
  log: () => {
    if (log === undefined) throw new Error('the log is not open');
    return log;
  },
  freshName: () => `${services?.freshPrefix()}name`,
  limitMs: 15_000,
});

test.run();
