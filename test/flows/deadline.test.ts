/** A transaction whose decision does not come is settled by policy at its deadline, and whoever waits is told. */
import * as assert from 'uvu/assert';

import { parseTransaction, post, read } from '../../tools/run/client.ts';
import { withVerdict } from '../support/embedded.ts';
import { suite } from '../support/suite.ts';

const test = suite('deadline');
/** The decision is made, and never reaches the log. */
const env = {
  NODE_ENV: 'test',
  VERDICT_FAILPOINT: 'log.append.decisions.before:hang',
  VERDICT_DECIDE_WITHIN_MS: '1000',
  VERDICT_RESEND_AFTER_MS: '500',
};

for (const policy of ['REJECTED', 'APPROVED'] as const) {
  test(`what nobody judged in time is ${policy}, where the policy says so`, async () => {
    await withVerdict({ env: { ...env, VERDICT_EXPIRE_POLICY: policy } }, async ({ url }) => {
      const answer = await post(url, { headers: { prefer: 'wait=15' } });
      const { transactionExternalId: id, transactionStatus, reasons } = parseTransaction(answer.text);
      assert.is(transactionStatus.name, policy, answer.text);
      assert.equal(reasons, ['DECISION_DEADLINE_EXCEEDED']);
      assert.match(answer.text, '"decidedBy":"DEADLINE"');
      assert.is((await read(url, id)).version, 2);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert.match(metrics, 'verdict_expired_total{role="standalone"} 1\n');
      assert.match(metrics, `verdict_settled_after_seconds_count{role="standalone",status="${policy}"} 1\n`);
    });
  }, 115_000);
}

test.run();
