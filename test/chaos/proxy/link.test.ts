/** The network of a chaos run does what it is told to: passes on, delays, holds one way, cuts an answer in its middle, and is fair again when it is mended. */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { Link } from '../../../chaos/proxy/link.ts';
import { Random } from '../../../chaos/random.ts';
import { freePorts } from '../../../tools/services/free-port.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('link');

let echo: Server;
let link: Link;

test.before(async () => {
  const [targetPort = 0, port = 0] = await freePorts(2);
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(targetPort, '127.0.0.1');
  await once(echo, 'listening');
  link = await Link.listen({ name: 'test', port, targetPort, isKafka: false, random: new Random(1) });
});

test.afterEach(() => link.mend());

test.after(async () => {
  await link[Symbol.asyncDispose]();
  echo.close();
});

type Dialled = { readonly socket: Socket; readonly heard: () => string; readonly isOver: () => boolean };

function dial(): Dialled {
  const socket = connect({ port: link.port, host: '127.0.0.1' }).on('error', () => undefined);
  let [heard, over] = ['', false];
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('close', () => (over = true));
  return { socket, heard: () => heard, isOver: () => over };
}

test('what is said arrives, in order, also when it is late', async () => {
  const { socket, heard } = dial();
  link.slow({ delayMs: 5, jitterMs: 40 });
  for (const text of ['one ', 'two ', 'three']) socket.write(text);
  await within(5_000, 'three words', () => heard() === 'one two three');
  socket.destroy();
});

test('a thousand pieces keep their order, whatever each of them waits', async () => {
  const { socket, heard } = dial();
  socket.setNoDelay(true);
  link.slow({ delayMs: 3, jitterMs: 4 });
  const pieces = Array.from({ length: 1_000 }, (_, index) => `${index} `);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await within(10_000, 'all of them', () => heard().length === pieces.join('').length);
  assert.is(heard(), pieces.join(''));
  socket.destroy();
});

test('what is held does not arrive, and does when it is let go', async () => {
  const { socket, heard } = dial();
  socket.write('a');
  await within(5_000, 'an echo', () => heard() === 'a');
  link.hold('back');
  socket.write('b');
  link.slow({ delayMs: 0, jitterMs: 0 });
  const other = dial();
  other.socket.write('c');
  link.mend();
  await within(5_000, 'both', () => heard() === 'ab' && other.heard() === 'c');
  socket.destroy();
  other.socket.destroy();
});

test('an answer that is cut arrives up to its middle, and the connection is over', async () => {
  const { socket, heard, isOver } = dial();
  link.cutFrames(1);
  socket.write('0123456789');
  await within(5_000, 'the end', isOver);
  assert.is(heard(), '01234');
});

test('whoever is cut off can come again', async () => {
  const first = dial();
  first.socket.write('x');
  await within(5_000, 'an echo', () => first.heard() === 'x');
  link.cut();
  await within(5_000, 'the end', first.isOver);
  const second = dial();
  second.socket.write('y');
  await within(5_000, 'an echo', () => second.heard() === 'y');
  second.socket.destroy();
});

test.run();
