/** Poison is set aside as it came, and nothing else is. */
import { lastValueFrom, of } from 'rxjs';
import * as assert from 'uvu/assert';

import type { LogRecord, NewRecord } from '../../../src/platform/event-log/event-log.ts';
import { Failure } from '../../../src/platform/failure.ts';
import { deadLetter, setAside } from '../../../src/streams/operators/dead-letter.ts';
import { poison } from '../../../src/streams/poison.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { logRecord } from '../deliveries.ts';

const test = suite('deadLetter');

test('poison goes to its dead letters with its bytes, key, headers and place; the rest goes on', async () => {
  const { options, appended, told } = world();
  const bytes = Buffer.from([0xff, 0x00]);
  const headers = new Map([
    ['__proto__', Buffer.from('odd')],
    ['ce_id', bytes],
  ]);
  const bad = logRecord({ topic: 't', partition: 3, offset: 42n, key: bytes, value: bytes, headers });
  const good = logRecord({ topic: 't', offset: 43n });
  const parse = (record: LogRecord) => (record === bad ? poison('bad_json') : { type: 'good' as const, record });
  assert.equal(await lastValueFrom(of([bad, good]).pipe(deadLetter(options, parse))), [{ type: 'good', record: good }]);
  assert.equal([...appended.keys()], ['t.dead']);
  const [letter] = appended.get('t.dead') ?? [];
  assert.is(letter?.key, bytes);
  assert.is(letter?.value, bytes);
  assert.equal(Object.entries(letter?.headers ?? {}), [
    ['__proto__', Buffer.from('odd')],
    ['ce_id', bytes],
    ['verdict-dead-topic', 't'],
    ['verdict-dead-partition', '3'],
    ['verdict-dead-offset', '42'],
    ['verdict-dead-cause', 'bad_json'],
    ['verdict-dead-attempts', '1'],
    ['verdict-dead-at', '2026-01-01T00:00:00.000Z'],
  ]);
  assert.equal(told, ['t bad_json']);
});

test('a tombstone without a key stays one', async () => {
  const { options, appended } = world();
  await setAside(options, [{ record: logRecord({ key: null, value: null }), cause: 'tombstone', attempts: 1 }]);
  const [letter] = appended.get('test.dead') ?? [];
  assert.is(letter?.key, null);
  assert.is(letter?.value, null);
});

test('nothing goes on before the letters are durable, however long the log is away', async () => {
  const { options, clock, faults, told } = world();
  faults.push(...Array.from({ length: 20 }, () => new Failure('event_log_unavailable', 'away')));
  let done = false;
  const handled = setAside(options, [{ record: logRecord(), cause: 'tombstone', attempts: 1 }]).then(
    () => (done = true),
  );
  await clock.advance(5_000);
  assert.not(done);
  assert.equal(told, []);
  await clock.advance(60_000);
  await handled;
  assert.equal(told, ['test tombstone']);
});

test('a letter that the log refuses for its size goes without its value, its neighbours whole', async () => {
  const { options, appended } = world(100);
  const [large, small] = [logRecord({ value: Buffer.alloc(200) }), logRecord({ value: Buffer.from('small') })];
  await setAside(
    options,
    [large, small].map((record) => ({ record, cause: 'too_large' as const, attempts: 1 })),
  );
  const letters = appended.get('test.dead') ?? [];
  assert.equal(
    letters.map(({ value }) => value),
    [null, Buffer.from('small')],
  );
  assert.is(letters[0]?.headers['verdict-dead-value-bytes'], '200');
  assert.is(letters[0]?.headers['verdict-dead-bare'], undefined);
});

test('a letter whose own headers or key are too large goes with its place and cause alone, and stops nobody', async () => {
  const { options, appended, told } = world(100);
  const wide = logRecord({ topic: 't', offset: 7n, headers: new Map([['x', Buffer.alloc(200)]]) });
  const long = logRecord({ topic: 't', offset: 8n, key: Buffer.alloc(200), value: null });
  await setAside(
    options,
    [wide, long].map((record) => ({ record, cause: 'bad_headers' as const, attempts: 1 })),
  );
  const letters = appended.get('t.dead') ?? [];
  assert.equal(
    letters.map(({ key, value, headers }) => [key, value, headers['verdict-dead-offset'], headers['x']]),
    [
      [null, null, '7', undefined],
      [null, null, '8', undefined],
    ],
  );
  assert.is(letters[0]?.headers['verdict-dead-cause'], 'bad_headers');
  assert.is(letters[0]?.headers['verdict-dead-bare'], 'true');
  assert.equal(told, ['t bad_headers', 't bad_headers']);
});

/** A log of which only appending is asked. */
function world(bytesMax = 1_000) {
  const clock = new VirtualClock();
  const appended = new Map<string, NewRecord[]>();
  const faults: Failure[] = [];
  const told: string[] = [];
  const append = async (topic: string, records: readonly NewRecord[]): Promise<void> => {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    const tooLarge = ({ key, value, headers }: NewRecord): boolean =>
      [key, value, ...Object.values(headers)].some((part) => (part?.length ?? 0) > bytesMax);
    if (records.some(tooLarge)) throw new Failure('event_log_refused', 'too large');
    appended.set(topic, [...(appended.get(topic) ?? []), ...records]);
  };
  const retry = { clock, entropy: { fraction: () => 0.5 }, firstMs: 100, maxMs: 2_000 };
  const onDeadLetter = (topic: string, cause: string): number => told.push(`${topic} ${cause}`);
  return { options: { log: { append }, now: () => clock.now(), retry, onDeadLetter }, appended, faults, told, clock };
}

test.run();
