/** The matrix measures everything that a bar asks about, each peer first once, and at half of the peak that was found. */
import * as assert from 'uvu/assert';

import { UsageError, parseArguments } from '../../bench/arguments.ts';
import { closedLoops, closedPeers, openLoops, reads } from '../../bench/matrix/plan.ts';
import { nameOf } from '../../bench/measure/turn.ts';
import { suite } from '../support/suite.ts';

const test = suite('matrix');
const extent = { rounds: 3, seconds: 10 };

test('each peer meets both counts of connections in every round, and the order rotates', () => {
  const sittings = closedLoops(extent);
  assert.is(sittings.length, 3 * closedPeers.length);
  const firsts = [0, 1, 2].map((round) => sittings[round * closedPeers.length]?.peer);
  assert.equal(firsts, closedPeers.slice(0, 3));
  assert.equal(
    sittings.filter(({ peer }) => peer === 'dbos').map(({ phases }) => phases.map(nameOf)),
    [
      ['64 conn.', '256 conn.'],
      ['256 conn.', '64 conn.'],
      ['64 conn.', '256 conn.'],
    ],
  );
});

test('open loops go at the fixed rates and at half of the peak that was found', () => {
  const sittings = openLoops({ ...extent, rounds: 1 }, { roles: 2_001, standalone: 1_600 });
  const of = (wanted: string) => sittings.find(({ peer }) => peer === wanted)?.phases.map(nameOf);
  assert.equal(of('roles'), ['50/s', '300/s', '1000/s', 'half of peak, 1001/s']);
  assert.equal(of('standalone'), ['half of peak, 800/s']);
  assert.equal(of('textbook'), ['50/s', '300/s', '1000/s'], 'no peak was found, so half of none is asked');
  assert.equal(openLoops({ ...extent, rounds: 1 }, { roles: NaN })[0]?.phases.length, 3);
});

test('reads are asked alone and beside writes, of both sides', () => {
  assert.equal(
    reads({ rounds: 1, seconds: 10 }).map(({ peer, phases }) => [peer, ...phases.map(nameOf)]),
    [
      ['roles', 'reads', 'reads, 300 writes/s'],
      ['koa-pg', 'reads', 'reads, 300 writes/s'],
    ],
  );
});

test('the command line: medians of three for the whole matrix, one short round when it is to be quick', () => {
  const of = (...args: readonly string[]) => {
    const asked = parseArguments(args);
    return asked === 'help' ? asked : [asked.all, asked.rounds, asked.seconds, asked.connections, asked.rates];
  };
  assert.equal(of(), [false, 1, 10, [64], []]);
  assert.equal(of('--all'), [true, 3, 10, [64], []]);
  assert.equal(of('--all', '--quick'), [true, 1, 3, [64], []]);
  assert.equal(of('--rate', '50,300'), [false, 1, 10, [], [50, 300]]);
  assert.equal(of('--rate', '50', '--connections', '64,256', '--rounds', '2'), [false, 2, 10, [64, 256], [50]]);
  assert.is(of('--help'), 'help');
  for (const wrong of [['--quick'], ['--rate', '0'], ['--rate', '5,x'], ['--shape', 'nobody'], ['--what']]) {
    assert.throws(
      () => parseArguments(wrong),
      (error: unknown) => error instanceof UsageError,
    );
  }
});

test.run();
