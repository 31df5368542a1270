/**
 * Wake-ups and leases of one process. A notification may get lost. A lease is free again as soon as its holder is dead, and some seconds after it froze;
 * the one that thaws goes on for a moment in the belief that it still holds it.
 */
import type { Database } from '../../src/platform/database/database.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import type { DatabaseServer } from './database-server.ts';

export type LeaseTable = Map<string, Incarnation>;

export type SimulatedDatabase = Pick<Database, 'listen' | 'withLease' | 'ping'>;

const retryMs = 300;
const probeMs = 400;
const silenceMs = 1_500;

type Parts = {
  readonly world: World;
  readonly server: DatabaseServer;
  readonly leases: LeaseTable;
  readonly incarnation: Incarnation;
};

export function simulatedDatabase(parts: Parts): SimulatedDatabase {
  const { server, incarnation } = parts;
  return {
    listen: (_channel, wake, signal) => listen(parts, wake, signal),
    withLease: (name, work, signal) => withLease(parts, { name, work, signal }),
    ping: () => server.query({ incarnation, name: 'ping' }, () => undefined),
  };
}

function listen({ world, server, incarnation }: Parts, wake: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = server.ledger.onCommit(() => {
      if (world.struck('lost-notification', incarnation)) return;
      incarnation.after(world.latencyMs(), () => {
        if (!signal.aborted) wake();
      });
    });
    incarnation.onEnd(stop);
    signal.addEventListener(
      'abort',
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });
}

type Lease = {
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
};

async function withLease(parts: Parts, { name, work, signal }: Lease): Promise<void> {
  while (!signal.aborted) {
    if (await taken(parts, name)) {
      const lost = new AbortController();
      const stop = probe(parts, name, lost);
      try {
        await work(AbortSignal.any([signal, lost.signal]));
        if (!lost.signal.aborted) return;
      } catch (error) {
        if (!lost.signal.aborted) throw error;
      } finally {
        stop();
        if (parts.leases.get(name) === parts.incarnation) parts.leases.delete(name);
      }
    }
    await pause(parts.incarnation, retryMs, signal);
  }
}

async function taken({ world, server, leases, incarnation }: Parts, name: string): Promise<boolean> {
  try {
    return await server.query({ incarnation, name: `lease ${name}` }, () => {
      const holder = leases.get(name);
      if (holder !== undefined && holder !== incarnation && holder.alive && holder.silentMs < silenceMs) return false;
      if (holder?.alive === true && holder !== incarnation) world.sometimes('lease-taken-from-a-zombie');
      leases.set(name, incarnation);
      world.history.note(incarnation.name, `holds ${name}`);
      return true;
    });
  } catch {
    return false; // The database is away: tried again after the pause.
  }
}

/** Finds out, a moment late, that the lease was lost. */
function probe({ server, leases, incarnation }: Parts, name: string, lost: AbortController): () => void {
  let cancel = (): void => undefined;
  const look = (): void => {
    if (leases.get(name) !== incarnation) return lost.abort();
    cancel = incarnation.after(probeMs, look);
  };
  cancel = incarnation.after(probeMs, look);
  const stop = server.onCrash(() => leases.delete(name));
  incarnation.onEnd(stop);
  return () => {
    cancel();
    stop();
  };
}

function pause(incarnation: Incarnation, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = incarnation.after(ms, wake);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
  });
}
