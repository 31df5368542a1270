/** Topics are created once, and one that is missing is a failure. */
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/platform/failure.ts';
import { freshTopic, numbered } from './event-log-subject.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function topicsContract(test: ContractTest, subject: EventLogSubject): void {
  const { freshName, log } = subject;

  test('creating a topic again changes nothing', async () => {
    const topic = await freshTopic(subject, 3);
    await log().append(topic, numbered(6));
    const other = freshName();
    await log().ensureTopics([
      { name: topic, partitions: 1, replication: 1, retentionMs: 1_000 },
      { name: other, partitions: 2, replication: 1, retentionMs: 60_000 },
    ]);
    const ends = await log().ends(topic);
    assert.is(ends.size, 3);
    assert.is(
      [...ends.values()].reduce((sum, end) => sum + end, 0n),
      6n,
    );
    assert.is((await log().ends(other)).size, 2);
  });

  test('an append without records does nothing', async () => {
    const topic = await freshTopic(subject, 1);
    await log().append(topic, []);
    assert.equal(await log().ends(topic), new Map([[0, 0n]]));
  });

  test('a topic that does not exist is a failure of the world', async () => {
    const topic = freshName();
    for (const attempt of [() => log().ends(topic), () => log().append(topic, numbered(1))]) {
      const failure = await attempt().then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.instance(failure, Failure);
      assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
    }
  });

  test('answers a ping', async () => {
    await log().ping();
  });
}
