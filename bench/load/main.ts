/** The load generator's process: does what the bench asks of it over its channel, and ends when that closes. */
import { ClosedLoop } from './closed-loop.ts';
import type { LoadReply, LoadRequest } from './protocol.ts';

let loop: ClosedLoop | undefined;

process.on('message', (request: LoadRequest) => {
  carryOut(request).catch((error: unknown) => reply({ type: 'failed', message: String(error) }));
});
process.on('disconnect', () => process.exit());

async function carryOut(request: LoadRequest): Promise<void> {
  switch (request.type) {
    case 'connect':
      loop = await ClosedLoop.open(request.target, request.connections);
      reply({ type: 'connected' });
      break;
    case 'phase':
      if (loop === undefined) throw new Error('a phase before a connection');
      reply({ type: 'phase', ...(await loop.run(request.seconds, request.drainMaxMs)) });
      break;
    case 'close':
      await loop?.[Symbol.asyncDispose]();
      process.disconnect?.();
  }
}

function reply(message: LoadReply): void {
  process.send?.(message);
}
