/** Another kafkajs than the one that was looked into is refused when the log is opened, not at its first send. */
import { createRequire } from 'node:module';
import * as assert from 'uvu/assert';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemEntropy } from '../../../src/platform/entropy.ts';
import { openKafkaLog } from '../../../src/platform/event-log/kafka.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the inside of kafkajs');

async function opens(): Promise<string> {
  const options = { brokers: ['127.0.0.1:1'], clientId: 'inside', clock: systemClock, entropy: systemEntropy };
  try {
    await using log = await openKafkaLog({ ...options, log: () => undefined });
    return log === undefined ? 'nothing' : 'opened';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

const used: readonly (readonly [string, string])[] = [
  ['network/connectionPool', 'send'],
  ['network/connection', 'nextCorrelationId'],
  ['network/requestQueue', 'push'],
  ['cluster', 'findTopicPartitionMetadata'],
];

test('this one is as it is used', async () => {
  assert.is(await opens(), 'opened');
});

for (const [file, name] of used) {
  test(`one without ${name} in its ${file} is refused`, async () => {
    const { prototype } = createRequire(import.meta.url)(`kafkajs/src/${file}`);
    const method: unknown = prototype[name];
    prototype[name] = undefined;
    try {
      assert.match(await opens(), `not the one that was looked into: `);
      assert.match(await opens(), name);
    } finally {
      prototype[name] = method;
    }
  });
}

test.run();
