/** Frames of Kafka's protocol come out whole, however they came in, and brokers are found where the proxy is. */
import * as assert from 'uvu/assert';
import * as fc from 'fast-check';
import { correlationIdOf, Frames, readRequest, redirected } from '../../../chaos/proxy/kafka-frames.ts';
import { suite } from '../../support/suite.ts';

const test = suite('kafka frames');

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length, 0);
  frame.set(body, 4);
  return frame;
}

test('any frames, cut anywhere, come out as they were', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
  fc.assert(
    fc.property(bodies, fc.integer({ min: 1, max: 9 }), (all, size) => {
      const sent = all.map(framed);
      const bytes = Buffer.concat(sent);
      const frames = new Frames();
      const got: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) got.push(...frames.take(bytes.subarray(at, at + size)));
      assert.equal(
        got.map((frame) => frame.toString('hex')),
        sent.map((frame) => frame.toString('hex')),
      );
    }),
  );
});

test('a request says what it asks for, an answer what it answers', () => {
  const request = framed(Uint8Array.from([0, 3, 0, 6, 0, 0, 0, 77]));
  assert.equal(readRequest(request), { apiKey: 3, correlationId: 77 });
  assert.is(correlationIdOf(framed(Uint8Array.from([0, 0, 0, 77]))), 77);
});

test('the port behind the host becomes the proxy’s, and no other', () => {
  const place = (port: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(port, 0);
    return Buffer.concat([Buffer.from('127.0.0.1'), bytes]);
  };
  const answer = Buffer.concat([place(9092), Buffer.from('|'), place(1234)]);
  const expected = Buffer.concat([place(7000), Buffer.from('|'), place(1234)]);
  assert.is(redirected(answer, { from: 9092, to: 7000 }).toString('hex'), expected.toString('hex'));
});

test.run();
