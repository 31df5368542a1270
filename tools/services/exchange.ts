/** Sends one request over loopback TCP and returns the answer as soon as it is whole; the smallest client there is, for asking whether a service answers. */
import { connect } from 'node:net';

const answerLimitMs = 2_000;

export function exchange(
  port: number,
  request: Buffer | string,
  isWhole: (received: Buffer) => boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    const limit = setTimeout(() => fail(new Error(`no answer within ${answerLimitMs} ms`)), answerLimitMs);
    const fail = (why: Error): void => {
      clearTimeout(limit);
      socket.destroy();
      reject(why);
    };
    socket.on('error', fail);
    socket.on('end', () => fail(new Error('the connection was closed before the answer was whole')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!isWhole(received)) return;
      clearTimeout(limit);
      socket.destroy();
      resolve(received);
    });
  });
}
