/** Commits come at a pace, one at a time, never under another place in the group than the one in which the records were resolved. */
import * as assert from 'uvu/assert';
import { KafkaCommits } from '../../../src/platform/event-log/kafka-commits.ts';
import { asFailure, isMissingTopic } from '../../../src/platform/event-log/kafka-failure.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import type { Committer } from '../../../src/platform/event-log/kafka-commits.ts';

const test = suite('Kafka commits');

type Request = { readonly atMs: number; readonly resolve: () => void; readonly reject: (error: Error) => void };

function desk(): {
  readonly clock: VirtualClock;
  readonly commits: KafkaCommits;
  readonly requests: Request[];
  readonly port: Committer;
} {
  const clock = new VirtualClock();
  const requests: Request[] = [];
  return {
    clock,
    requests,
    commits: new KafkaCommits({ clock, everyMs: 250, onError: () => undefined }),
    port: {
      uncommittedOffsets: () => ({ topics: [] }),
      commitOffsetsIfNecessary: () =>
        new Promise((resolve, reject) => requests.push({ atMs: clock.elapsed(), resolve, reject })),
    },
  };
}

function answered(type: string): Error {
  return Object.assign(new Error(type), { type });
}

test('the first commit is asked at once, what follows at the pace, and nothing when nothing was resolved', async () => {
  const { clock, commits, requests, port } = desk();
  commits.resolved(port);
  requests[0]?.resolve();
  await clock.advance(10);
  for (let count = 0; count < 5; count += 1) commits.resolved(port);
  await clock.advance(239);
  assert.is(requests.length, 1);
  await clock.advance(1);
  requests[1]?.resolve();
  await clock.advance(10_000);
  assert.equal(
    requests.map(({ atMs }) => atMs),
    [0, 250],
  );
  commits.resolved(port);
  assert.is(requests.length, 3);
});

test('one request at a time, however long it takes; what was resolved meanwhile goes with the next', async () => {
  const { clock, commits, requests, port } = desk();
  commits.resolved(port);
  await clock.advance(100);
  commits.resolved(port);
  await clock.advance(5_000);
  assert.is(requests.length, 1);
  requests[0]?.resolve();
  await clock.advance(0);
  assert.is(requests.length, 2);
});

test('a flush waits for nothing but the request under way, and for all that was resolved before it', async () => {
  const { clock, commits, requests, port } = desk();
  await commits.flush();
  commits.resolved(port);
  commits.resolved(port);
  let flushed = 0;
  const flushing = [commits.flush(), commits.flush()].map((flush) => flush.then(() => (flushed += 1)));
  await clock.advance(0);
  assert.is(requests.length, 1);
  requests[0]?.resolve();
  await clock.advance(0);
  assert.equal([requests.length, flushed], [2, 0]);
  requests[1]?.resolve();
  await Promise.all(flushing);
  await clock.advance(1_000);
  assert.equal([requests.length, clock.elapsed()], [2, 1_000]);
});

test('a commit that fails is asked again at the pace, without anything new', async () => {
  const { clock, commits, requests, port } = desk();
  commits.resolved(port);
  requests[0]?.reject(new Error('closed'));
  await clock.advance(249);
  assert.is(requests.length, 1);
  await clock.advance(1);
  requests[1]?.resolve();
  await clock.advance(1_000);
  assert.is(requests.length, 2);
  assert.is(commits.lost, undefined);
});

test('a committer that throws at once is a commit that failed', async () => {
  const { clock, commits, requests, port } = desk();
  let thrown = 0;
  const broken = (): never => {
    thrown += 1;
    throw new TypeError('no offsets');
  };
  commits.resolved({ ...port, uncommittedOffsets: broken });
  await clock.advance(250);
  assert.is(thrown, 2);
  commits.resolved(port);
  await clock.advance(250);
  assert.is(requests.length, 1);
});

for (const type of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS']) {
  test(`${type} loses the place until there is another one, and is not asked again`, async () => {
    const { clock, commits, requests, port } = desk();
    commits.resolved(port);
    requests[0]?.reject(answered(type));
    await clock.advance(10_000);
    assert.is(requests.length, 1);
    assert.is(commits.lost?.error instanceof Error && commits.lost.error.message, type);
    commits.renew();
    assert.is(commits.lost, undefined);
  });
}

test('what was resolved under a former place is not committed under the next, nor does its late failure count there', async () => {
  const { clock, commits, requests, port } = desk();
  commits.resolved(port);
  commits.resolved(port);
  commits.renew();
  requests[0]?.reject(answered('ILLEGAL_GENERATION'));
  await clock.advance(10_000);
  assert.is(requests.length, 1);
  assert.is(commits.lost, undefined);
});

test('closed, it asks no more by itself', async () => {
  const { clock, commits, requests, port } = desk();
  commits.resolved(port);
  requests[0]?.resolve();
  await clock.advance(0);
  commits.resolved(port);
  commits.close();
  await clock.advance(10_000);
  assert.is(requests.length, 1);
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
