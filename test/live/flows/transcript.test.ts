/** What a user sees of a Verdict in seven processes: amounts judged by the rule, each transition told once and in order, by whichever front door is asked. */
import * as assert from 'uvu/assert';
import { parseTransaction, post, read } from '../../../tools/run/client.ts';
import { EventStream } from '../../../tools/run/event-stream.ts';
import { allRows, assertSound } from '../../support/audit.ts';
import { Deployment, pairs } from '../../support/deployment.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';
import { within } from '../../support/within.ts';

const test = suite('transcript');

let services: LiveServices;
let ring: Deployment;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: pairs });
});

test.after(async () => {
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

test('120 and 1000 are approved, 1000.01 is rejected with its reason, and the other front door tells each step once', async () => {
  const [here = '', there = ''] = ring.frontDoors;
  await using stream = new EventStream({ urls: [there] });
  await stream.opened;
  const ids: string[] = [];
  for (const value of [120, 1000, '1000.01']) {
    const posted = await post(here, { value });
    assert.is(posted.status, 201, posted.text);
    const body = parseTransaction(posted.text);
    assert.is(body.transactionStatus.name, 'PENDING');
    ids.push(noted(posted.key, body.transactionExternalId));
  }
  await within(5_000, 'six frames', () => stream.frames.length >= 6);
  const told = await Promise.all(ids.map((id) => read(there, id)));
  assert.equal(
    told.map(({ transactionStatus, reasons }) => [transactionStatus.name, ...reasons]),
    [['APPROVED'], ['APPROVED'], ['REJECTED', 'AMOUNT_LIMIT_EXCEEDED']],
  );
  await assertTranscript(stream, await allRows(ring.databaseUrl));
});

test('Prefer: wait=5 answers terminal in one call, and a replay at the other front door has the same bytes', async () => {
  const [here = '', there = ''] = ring.frontDoors;
  const first = await post(here, { headers: { prefer: 'wait=5' } });
  assert.is(first.status, 201, first.text);
  assert.is(first.headers.get('preference-applied'), 'wait=5');
  const body = parseTransaction(first.text);
  assert.is(body.transactionStatus.name, 'APPROVED');
  const again = await post(there, { key: first.key });
  assert.is(again.status, 201, again.text);
  assert.is(again.headers.get('idempotency-replayed'), 'true');
  assert.is(again.text, first.text);
  noted(first.key, body.transactionExternalId);
});

test('the rows are sound', () => assertSound(ring.databaseUrl, { keys, opened }));

function noted(key: string, id: string): string {
  keys.push(key);
  opened.push({ key, id });
  return id;
}

test.run();
