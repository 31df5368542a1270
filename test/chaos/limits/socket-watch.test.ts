/** The kernel's table is read as it is: what is on its way to each client, and only while the server keeps its end. */
import * as assert from 'uvu/assert';

import { queuedByClient } from '../../../chaos/limits/socket-watch.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits: socket watch');

/** Two connections to port 3000 (0BB8), from 4096 (1000) and 4097 (1001); the server has closed the second. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:1000 01 00000010:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:1000 0100007F:0BB8 01 00000000:00000100 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:0BB8 0100007F:1001 04 00000020:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
   4: 0100007F:1001 0100007F:0BB8 01 00000000:00000200 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`;

test('both ends of a connection are summed, and one that the server has closed is gone', () => {
  assert.equal([...queuedByClient(table, 3_000)], [[4_096, 0x110]]);
  assert.is(queuedByClient(table, 3_001).size, 0);
});

test.run();
