/** Opens the adapters that the configuration chooses: the service where its URL is given, the embedded one otherwise. Opening waits for no service. */
import { ormOptions } from '../persistence/migrate.ts';
import { sqlStatements } from '../persistence/sql/sql-statements.ts';
import type { Statements } from '../persistence/statements.ts';
import type { Database } from '../platform/database/database.ts';
import { openPglite } from '../platform/database/pglite.ts';
import { openPostgres } from '../platform/database/postgres.ts';
import { openEmbeddedLog } from '../platform/event-log/embedded.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { openKafkaLog } from '../platform/event-log/kafka.ts';
import type { LogLine } from '../platform/event-log/log-line.ts';
import type { KeyStore } from '../platform/key-store/key-store.ts';
import { openMemoryKeyStore } from '../platform/key-store/memory.ts';
import { openRedisKeyStore } from '../platform/key-store/redis.ts';
import { Failpoints } from './failpoints.ts';
import type { Tools } from './tools.ts';

export type Adapters = {
  readonly eventLog: EventLog;
  readonly keyStore: KeyStore;
  readonly ledger: Ledger | undefined;
};

/** The ledger only for roles that have one. All of them are closed with the stack, the database last. */
export async function openAdapters(
  tools: Tools,
  closing: AsyncDisposableStack,
  { withLedger }: { readonly withLedger: boolean },
): Promise<Adapters> {
  const failpoints = new Failpoints(tools.config.failpoint, tools.log);
  const ledger = withLedger ? await openDatabase(tools) : undefined;
  if (ledger !== undefined) closing.use(ledger.database);
  const eventLog = failpoints.aroundLog(closing.use(await openEventLog(tools)));
  const keyStore = failpoints.around('keys', closing.use(await openKeyStore(tools)));
  if (ledger === undefined) return { eventLog, keyStore, ledger };
  const statements = failpoints.around('statements', ledger.statements);
  return { eventLog, keyStore, ledger: { ...ledger, statements } };
}

function openEventLog({ config, clock, entropy, log, metrics }: Tools): Promise<EventLog> {
  const { brokers, clientId, sessionTimeoutMs, requestTimeoutMs } = config.eventLog;
  const line: LogLine = (level, fields, message) => log[level]({ part: 'event-log', ...fields }, message);
  return brokers.length === 0
    ? Promise.resolve(openEmbeddedLog({ clock, log: line, batchMax: config.batching.batchMax }))
    : openKafkaLog({
        ...{ brokers, clientId, sessionTimeoutMs, requestTimeoutMs, clock, entropy, log: line },
        onConsumerRestart: (group) => metrics.consumerRestarted(group),
      });
}

function openKeyStore({ config, clock, metrics }: Tools): Promise<KeyStore> {
  const { url, prefix, commandTimeoutMs, breakerFailuresMax, breakerPauseMs, dedupTtlMs, embeddedMax } =
    config.keyStore;
  return url === null
    ? Promise.resolve(openMemoryKeyStore({ clock, markTtlMs: dedupTtlMs, keysMax: embeddedMax }))
    : openRedisKeyStore({
        ...{ url, prefix, commandTimeoutMs, breakerFailuresMax, breakerPauseMs, clock },
        markTtlMs: dedupTtlMs,
        onFailure: () => metrics.keyStoreFailed(),
      });
}

export type Ledger = { readonly database: Database; readonly statements: Statements };

export async function openDatabase({ config, clock, log }: Tools): Promise<Ledger> {
  const { url, ...limits } = config.database;
  const database =
    url === null
      ? await openPglite({ directory: config.dataDir, orm: ormOptions })
      : openPostgres({
          ...{ url, ...limits, orm: ormOptions, clock },
          applicationName: `verdict ${config.roles.join()}`,
          onConnectionLost: (error) => log.warn({ part: 'database', err: error }, 'connection lost'),
        });
  return { database, statements: sqlStatements(database) };
}
