/** What may have been handed out before is never called fresh. */
import * as assert from 'uvu/assert';

import { FreshOffsets } from '../../../src/platform/event-log/fresh-offsets.ts';
import { suite } from '../../support/suite.ts';

const test = suite('fresh offsets');

test('fresh is what comes behind the end that was met first, for each partition', () => {
  const fresh = new FreshOffsets();
  assert.is(fresh.from({ partition: 0, highWatermark: '7' }), 7n);
  assert.is(fresh.from({ partition: 0, highWatermark: '9' }), 7n);
  assert.is(fresh.from({ partition: 1, highWatermark: '3' }), 3n);
});

test('a batch that comes again is not, and what it reached before stays as it was', () => {
  const fresh = new FreshOffsets();
  fresh.from({ partition: 0, highWatermark: '7' });
  fresh.handedOut({ partition: 0, lastOffset: () => '8' });
  assert.is(fresh.from({ partition: 0, highWatermark: '10' }), 9n);
  fresh.handedOut({ partition: 0, lastOffset: () => '2' });
  assert.is(fresh.from({ partition: 0, highWatermark: '10' }), 9n);
});

test('after another assignment the end that is met then counts', () => {
  const fresh = new FreshOffsets();
  fresh.from({ partition: 0, highWatermark: '7' });
  fresh.renew();
  assert.is(fresh.from({ partition: 0, highWatermark: '12' }), 12n);
});

test.run();
