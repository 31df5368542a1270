/** The load generator's process: does what the bench asks of it over its channel, and ends when that closes. */
import { Load } from './load.ts';
import type { LoadReply, LoadRequest } from './protocol.ts';

let load: Load | undefined;

process.on('message', (request: LoadRequest) => {
  carryOut(request).catch((error: unknown) => reply({ type: 'failed', message: String(error) }));
});
process.on('disconnect', () => process.exit());

async function carryOut(request: LoadRequest): Promise<void> {
  switch (request.type) {
    case 'connect':
      load = await Load.open(request.target);
      reply({ type: 'connected' });
      break;
    case 'phase':
      if (load === undefined) throw new Error('a phase before a connection');
      reply({ type: 'result', result: await load.run(request.phase, request.drainMaxMs) });
      break;
    case 'close':
      await load?.[Symbol.asyncDispose]();
      process.disconnect?.();
  }
}

function reply(message: LoadReply): void {
  process.send?.(message);
}
