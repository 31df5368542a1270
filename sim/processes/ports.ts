/** The ports of one process, each over the shared simulated service, and wrapped where a planted bug says so. */
import type { Database } from '../../src/platform/database/database.ts';
import type { EventLog } from '../../src/platform/event-log/event-log.ts';
import type { KeyStore } from '../../src/platform/key-store/key-store.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import type { Broker } from '../ports/broker.ts';
import type { DatabaseServer } from '../ports/database-server.ts';
import type { LeaseTable } from '../ports/database.ts';
import { simulatedDatabase } from '../ports/database.ts';
import { simulatedEventLog } from '../ports/event-log.ts';
import type { KeyServer } from '../ports/key-server.ts';
import { simulatedKeyStore } from '../ports/key-server.ts';
import { simulatedStatements } from '../ports/statements.ts';

export type Services = {
  readonly world: World;
  readonly server: DatabaseServer;
  readonly leases: LeaseTable;
  readonly broker: Broker;
  readonly keys: KeyServer;
};

export type Ports = {
  readonly statements: Statements;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly keyStore: KeyStore;
};

export function portsOf(services: Services, incarnation: Incarnation): Ports {
  const { world, server, leases, broker, keys } = services;
  return {
    statements: simulatedStatements(world, server, incarnation),
    database: wholeDatabase(simulatedDatabase({ world, server, leases, incarnation })),
    eventLog: simulatedEventLog(world, broker, incarnation),
    keyStore: simulatedKeyStore(world, keys, incarnation),
  };
}

function wholeDatabase(database: ReturnType<typeof simulatedDatabase>): Database {
  return Object.assign(new WithoutSql(), database);
}

/** SQL is below the simulated seam. A class: a getter of an object literal, and all that it sees, outlives every collection of the young generation. */
class WithoutSql {
  readonly query = noSql;
  readonly lookup = noSql;

  get orm(): never {
    throw new Error('the simulated database has no ORM');
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function noSql(): Promise<never> {
  return Promise.reject(new Error('the simulated database knows no SQL'));
}
