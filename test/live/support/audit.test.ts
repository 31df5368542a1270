/** The audit is audited: each guarantee is broken on purpose in the rows, and the audit must name exactly that one. */
import { Client } from 'pg';
import * as assert from 'uvu/assert';
import { runVerdict } from '../../../tools/run/verdict-process.ts';
import { violations } from '../../support/audit.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';

const test = suite('audit');

const id = '0192f4c8-0000-7000-8000-000000000001';
const other = '0192f4c8-0000-7000-8000-000000000002';
const account = '11111111-1111-4111-8111-111111111111';
const decision = '{"outcome": "APPROVED", "reasons": [], "ruleset": "1", "decidedBy": "RULES", "decidedAt": 0}';

let services: LiveServices;
let database: string;

test.before(async () => {
  services = await liveServices();
  database = await services.freshDatabase();
  await runVerdict({ role: 'migrate', env: { ...services.env, DATABASE_URL: database } });
  // What the schema itself forbids could only be broken by a schema that lacks it.
  await run(`alter table transaction drop constraint transaction_check, drop constraint transaction_check1`);
  await run(`drop index transaction_event_version; drop index transaction_client_key`);
});

test.after(() => services[Symbol.asyncDispose]());

test('a sound database has no violations', () => finds([]));

/** A second sound transaction, under the key. */
function another(key: string): string {
  return `insert into transaction
      select '${other}', client_id, ${key}, debit_account_id, credit_account_id, transfer_type_id, transfer_type_name,
        amount_minor, digits, currency, created_at, decide_by, answer_version, status, version, decision
      from transaction;
    insert into transaction_event (transaction_id, version, type, data, at)
      select '${other}', version, type, data, at from transaction_event order by version`;
}

const breaks: readonly (readonly [what: string, sql: string, found: readonly string[]])[] = [
  ['an acknowledged transaction is gone', `delete from transaction; delete from transaction_event`, ['I1']],
  ['one is under another key', `update transaction set idempotency_key = 'key-other'`, ['I1', 'I8']],
  [
    'one is PENDING for ever',
    `update transaction set status = 'PENDING', version = 1, decision = null; delete from transaction_event where version = 2`,
    ['I1'],
  ],
  ['a version is left out', `update transaction_event set version = 3 where version = 2`, ['I2', 'I2']],
  [
    'there are two terminal events',
    `insert into transaction_event (transaction_id, version, type, data, at)
      select transaction_id, 3, 'TransactionRejected', data, at from transaction_event where version = 2`,
    ['I2', 'I2'],
  ],
  ['the row says something else', `update transaction set status = 'REJECTED'`, ['I2', 'I3']],
  ['a successor stands before', `update transaction_event set xid = '1' where version = 2`, ['I2']],
  ['the decision is not kept', `update transaction set decision = null`, ['I3']],
  ['the opening is missing', `delete from transaction_event where version = 1`, ['I2', 'I3']],
  ['a key has two transactions', another('idempotency_key'), ['I4']],
  ['there is a row without a request', another(`'key-of-nobody'`), ['I8']],
  ['there is an entry without a row', `delete from transaction`, ['I1', 'I8']],
  ['there is a row without an entry', `delete from transaction_event`, ['I2', 'I3', 'I8']],
];

for (const [what, sql, found] of breaks) {
  test(what, () => finds(found, sql));
}

test.run();

/** Rows of one sound transaction, then what breaks them, then what the audit says. */
async function finds(found: readonly string[], breaking = 'select 1'): Promise<void> {
  await run(`truncate transaction, transaction_event`);
  await run(`insert into transaction values ('${id}', 'local', 'key-of-it', '${account}', '${account}', 1, 'TRANSFER', 100, 2, null,
    now(), now(), 1, 'APPROVED', 2, '${decision}')`);
  await run(
    `insert into transaction_event (transaction_id, version, type, data, at) values ('${id}', 1, 'TransactionOpened', null, now())`,
  );
  await run(
    `insert into transaction_event (transaction_id, version, type, data, at) values ('${id}', 2, 'TransactionApproved', '${decision}', now())`,
  );
  await run(breaking);
  const all = await violations(database, { keys: ['key-of-it'], opened: [{ key: 'key-of-it', id }] });
  assert.equal(all.map(({ guarantee }) => guarantee).toSorted(), found.toSorted(), JSON.stringify(all));
}

async function run(sql: string): Promise<void> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
