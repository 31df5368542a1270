/** I14 is broken by an account id or a credential in a log, an error body or a dead letter's headers. */
import { suite } from '../../support/suite.ts';
import { account, assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I14 no secrets');
const run = goodRun();

test('in a log', () => {
  const text = 'level info\nkey vk_1_a-secret-of-thirty-two-characters';
  assertCaught(
    'I14 no secrets',
    { ...run, secrets: ['vk_1_a-secret-of-thirty-two-characters'], written: [{ where: 'output of relay-1', text }] },
    'a secret in output',
  );
  assertCaught(
    'I14 no secrets',
    { ...run, written: [{ where: 'output of relay-1', text: `debit "${account}"` }] },
    'a secret in output',
  );
});

test('in an error body', () => {
  const requests = changed(run.requests, ({ status }) => status === 422, { text: `no such account: ${account}` });
  assertCaught('I14 no secrets', { ...run, requests }, 'error body');
});

test('in the headers of a dead letter', () => {
  const headers = { 'verdict-dead-cause': 'bad_schema', ce_source: account };
  const letter = {
    topic: 'decisions.dead',
    partition: 0,
    offset: 0,
    key: idAt(1),
    headers,
    digest: null,
    text: null,
  } as const;
  assertCaught('I14 no secrets', { ...run, epochs: [{ number: 0, startMs: 0, records: [letter] }] }, 'headers');
});

test.run();
