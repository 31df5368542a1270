/** Commits share requests, and each caller waits for one that was asked after it resolved its records. */
import * as assert from 'uvu/assert';
import { KafkaCommits } from '../../../src/platform/event-log/kafka-commits.ts';
import { asFailure, isMissingTopic } from '../../../src/platform/event-log/kafka-failure.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';
import type { Committer } from '../../../src/platform/event-log/kafka-commits.ts';

const test = suite('Kafka commits');

type Request = { readonly resolve: () => void; readonly reject: (error: Error) => void };

function committer(): { readonly requests: Request[]; readonly port: Committer } {
  const requests: Request[] = [];
  return {
    requests,
    port: {
      uncommittedOffsets: () => ({ topics: [] }),
      commitOffsetsIfNecessary: () => new Promise((resolve, reject) => requests.push({ resolve, reject })),
    },
  };
}

test('one request at a time; those that come meanwhile share the next', async () => {
  const { requests, port } = committer();
  const commits = new KafkaCommits();
  const first = commits.commit(port);
  const others = [commits.commit(port), commits.commit(port)];
  assert.is(requests.length, 1);
  requests[0]?.resolve();
  await first;
  await within(1_000, 'the shared request', () => requests.length === 2);
  requests[1]?.resolve();
  await Promise.all(others);
  const later = commits.commit(port);
  assert.is(requests.length, 3);
  requests[2]?.resolve();
  await later;
});

test('a commit that fails rejects those who waited for it, and not the next', async () => {
  const { requests, port } = committer();
  const commits = new KafkaCommits();
  const first = commits.commit(port).catch((error: unknown) => error);
  const second = commits.commit(port);
  requests[0]?.reject(new Error('rebalance'));
  assert.instance(await first, Error);
  await within(1_000, 'the next request', () => requests.length === 2);
  requests[1]?.resolve();
  await second;
});

test('what kafkajs throws is read through its wrappings', () => {
  const inner = Object.assign(new Error('gone'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
  assert.ok(isMissingTopic(new Error('retries exceeded', { cause: inner })));
  assert.ok(isMissingTopic(new AggregateError([new Error('other'), inner])));
  assert.not.ok(isMissingTopic(new Error('retries exceeded')));
  assert.is(asFailure('appending', new Error('wrapped', { cause: inner })).code, 'event_log_unavailable');
  const large = Object.assign(new Error('large'), { type: 'MESSAGE_TOO_LARGE' });
  assert.is(asFailure('appending', new Error('wrapped', { cause: large })).code, 'event_log_refused');
});

test.run();
