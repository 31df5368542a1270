/** What Database promises, for whoever keeps it. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';

import type { Database } from '../../../src/platform/database/database.ts';
import { Failure } from '../../../src/platform/failure.ts';
import type { Suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

export function databaseContract(test: Suite, current: () => Database): void {
  test('values arrive as they are sent, arrays and nulls included', async () => {
    const [row] = await current().query<{
      number: number;
      text: string;
      numbers: number[];
      texts: string[];
      none: null;
    }>(`select $1::int as number, $2::text as text, $3::int[] as numbers, $4::text[] as texts, $5::text as none`, [
      7,
      `it's {"a":1}`,
      [1, 2, 3],
      ['a,b', 'c"d', '{e}', ''],
      null,
    ]);
    assert.equal(row, {
      number: 7,
      text: `it's {"a":1}`,
      numbers: [1, 2, 3],
      texts: ['a,b', 'c"d', '{e}', ''],
      none: null,
    });
  });

  test('an array may be empty and may hold nulls', async () => {
    const rows = await current().query<{ text: string | null }>('select unnest($1::text[]) as text', [['a', null]]);
    assert.equal(
      rows.map(({ text }) => text),
      ['a', null],
    );
    assert.equal(await current().query('select unnest($1::text[]) as text', [[]]), []);
  });

  test('whatever text an array holds comes back as it was', async () => {
    const awkward = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '',
        'NULL',
        'null',
        '"',
        '\\',
        '\\"',
        '{}',
        'a,b',
        ' a ',
        '{"outcome":"APPROVED","reasons":["A\\\\B"]}',
      ),
    );
    // PostgreSQL's text holds no zero character.
    const text = awkward.map((each) => each.replaceAll('\0', '').toWellFormed());
    const values = fc.sample(fc.array(fc.option(text), { maxLength: 20 }), { numRuns: 200, seed: 1 });
    for (const sent of values) {
      const [row] = await current().query<{ back: unknown }>('select $1::text[] as back', [sent]);
      assert.equal(row?.back, sent);
    }
    const sql = 'select $1::int[] as ints, $2::boolean[] as flags, $3::float8[] as floats';
    const [row] = await current().query(sql, [
      [1, null, -2],
      [true, false, null],
      [0.5, 1e300],
    ]);
    assert.equal(row, { ints: [1, null, -2], flags: [true, false, null], floats: [0.5, 1e300] });
  });

  test('what the statement is to blame for is refused, and nothing of it is kept', async () => {
    await current().query('create table if not exists kept (id int primary key)', []);
    await current().query('delete from kept', []);
    const failure = await failureOf(current().query('insert into kept values ($1::int), ($1::int)', [1]));
    assert.is(failure.code, 'database_refused');
    assert.not(failure.retryable);
    assert.equal(await current().query('select * from kept', []), []);
  });

  test('what no value could mend (a missing table, a missing right) is no fault of the values', async () => {
    const failure = await failureOf(current().query('select nothing from nowhere', []));
    assert.is(failure.code, 'database_unusable');
    assert.not(failure.retryable);
  });

  test('a notification wakes whoever listens, until the signal', async () => {
    const ending = new AbortController();
    let woken = 0;
    const listening = current().listen('contract', () => (woken += 1), ending.signal);
    await within(3_000, 'the first wake-up', () => woken > 0);
    const before = woken;
    await current().query(`select pg_notify('contract', '')`, []);
    await within(3_000, 'the notification', () => woken > before);
    ending.abort();
    await listening;
  });

  test('the ORM sees what statements wrote', async () => {
    await current().query('create table if not exists seen (id int primary key)', []);
    await current().query('insert into seen values ($1::int) on conflict do nothing', [5]);
    const rows = await current().orm.em.fork().execute<{ id: number }[]>('select id from seen');
    assert.equal(rows, [{ id: 5 }]);
  });

  test('work under a lease runs, and ends with the outer signal', async () => {
    const ending = new AbortController();
    const held = Promise.withResolvers<AbortSignal>();
    const leasing = current().withLease(
      'contract',
      (signal) =>
        new Promise((resolve) => {
          held.resolve(signal);
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
      ending.signal,
    );
    const signal = await held.promise;
    assert.not(signal.aborted);
    ending.abort();
    await leasing;
    assert.ok(signal.aborted);
  });

  test('what the work throws is thrown, and the lease is free again', async () => {
    const ending = new AbortController();
    const broken = () => Promise.reject(new Error('broken'));
    const thrown = await current()
      .withLease('contract', broken, ending.signal)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    assert.instance(thrown, Error);
    let ran = false;
    await current().withLease(
      'contract',
      async () => {
        ran = true;
      },
      ending.signal,
    );
    assert.ok(ran);
  });

  test('it answers', () => current().ping());
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw new Error(`expected a Failure, got ${String(thrown)}`);
  return thrown;
}
