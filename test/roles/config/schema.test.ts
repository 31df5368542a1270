/** The tables that describe the configuration agree with each other. */
import * as assert from 'uvu/assert';

import { describedKeys } from '../../../src/roles/config/described-keys.ts';
import { readVariableNames } from '../../../src/roles/config/environment.ts';
import { helpText } from '../../../src/roles/config/help.ts';
import { describeAllowed, leaves } from '../../../src/roles/config/leaves.ts';
import { roleNames } from '../../../src/roles/config/role-names.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config schema');
const conventional = new Set(['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL', 'HOST', 'PORT', 'LOG_LEVEL']);

test('every key says what it is, why, and what it allows', () => {
  for (const { key, schema } of leaves) {
    assert.ok((schema.description ?? '').length > 20, key);
    assert.is.not(describeAllowed(schema), 'a text', key);
  }
});

test('every number carries its unit last, and both its limits', () => {
  for (const { key, schema } of leaves.filter((leaf) => leaf.schema.type === 'integer')) {
    assert.match(key, /(Ms|Max|Bytes|Seconds|Digits)$|\.(port|partitions|replication)$/);
    assert.type(schema.minimum, 'number', key);
    assert.type(schema.maximum, 'number', key);
  }
});

test('every variable belongs to one key, and has a name of ours or one that everybody knows', () => {
  const names = [...readVariableNames().values()];
  assert.is(new Set(names).size, names.length);
  for (const name of names) assert.ok(conventional.has(name) || /^VERDICT_[A-Z_]+$/.test(name), name);
});

test('only tables are set by files alone', () => {
  const withoutVariable = describedKeys().filter(({ variable }) => variable === null);
  assert.equal(
    withoutVariable.map(({ key }) => key),
    ['money.currencies', 'transferTypes'],
  );
});

test('every key has a default', () => {
  for (const { key, byDefault } of describedKeys()) assert.is.not(byDefault, undefined, key);
});

test('help names every role, variable and flag', () => {
  const help = helpText();
  const flags = ['--role', '--port', '--host', '--data-dir', '--help', '--version'];
  for (const name of [...roleNames, ...flags, ...readVariableNames().values()]) assert.ok(help.includes(name), name);
});

test.run();
