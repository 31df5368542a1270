/** The last line says what a run came to, and the table what each kind of fault was held to. */
import * as assert from 'uvu/assert';
import { allFaults } from '../../chaos/faults/all.ts';
import { kindReports, lastLine } from '../../chaos/report.ts';
import type { FaultRecord } from '../../chaos/schedule.ts';
import { suite } from '../support/suite.ts';

const test = suite('chaos report');

const record = { kind: 'kill-front-door', note: '', startMs: 0, endMs: 1, alone: true } satisfies FaultRecord;

test('accepted, faults of kinds, violations', () => {
  const faults = [record, record, { ...record, kind: 'kafka-wiped' }];
  assert.is(lastLine({ accepted: 20_000, faults, violations: 0 }), '20000 accepted, 3 faults of 2 kinds, 0 violations');
});

test('a recovery past its bar is counted as missed', () => {
  const records = [
    { ...record, recoveryMs: 1_000 },
    { ...record, recoveryMs: 9_000 },
    { ...record, mended: 'too long' },
  ];
  const found = kindReports(allFaults(true), records).find(({ kind }) => kind === 'kill-front-door');
  assert.equal([found?.times, found?.mended, found?.recoveriesMs, found?.missed], [3, 1, [1_000, 9_000], 1]);
});

test('there are more than 24 kinds, each with a name of its own', () => {
  const kinds = allFaults(false).map(({ kind }) => kind);
  assert.ok(kinds.length > 24);
  assert.is(new Set(kinds).size, kinds.length);
});

test.run();
