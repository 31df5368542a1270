/** What the database says is sorted by what to do next: try again, blame the values, or call an operator. */
import * as assert from 'uvu/assert';

import { toSqlFailure } from '../../../src/platform/database/sql-failure.ts';
import { suite } from '../../support/suite.ts';

const test = suite('failures of the database');

function codeOf(state: string): string {
  return toSqlFailure(Object.assign(new Error('as the driver says it'), { code: state })).code;
}

test('only data and constraints put the blame on the values, since whoever is blamed may be set aside', () => {
  for (const state of ['21000', '22P05', '22003', '23505', '44000'])
    assert.is(codeOf(state), 'database_refused', state);
});

test('a password, a right, a table or a prepared statement that is gone is nobody’s poison', () => {
  for (const state of ['28P01', '3D000', '3F000', '42501', '42P01', '26000', '0A000'])
    assert.is(codeOf(state), 'database_unusable', state);
});

test('what may be over in a moment may be tried again', () => {
  for (const state of ['08006', '40P01', '40001', '53300', '55P03', '57014', '57P01', '57P03', 'ECONNREFUSED', 'EPIPE'])
    assert.is(codeOf(state), 'database_unavailable', state);
});

test.run();
