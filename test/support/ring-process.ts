/** A whole ring in this process, on the embedded adapters and behind its HTTP server, whose judge a test can break and mend and whose log it can reach. */
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { openEmbeddedLog } from '../../src/platform/event-log/embedded.ts';
import type { EventLog } from '../../src/platform/event-log/event-log.ts';
import { openMemoryKeyStore } from '../../src/platform/key-store/memory.ts';
import type { Log } from '../../src/platform/logger.ts';
import { openMetrics } from '../../src/platform/metrics/metrics.ts';
import { loadConfig } from '../../src/roles/config/load.ts';
import { consumingOptions } from '../../src/roles/consuming.ts';
import { frontDoor } from '../../src/roles/front-door.ts';
import { topicsOf, topicsReady } from '../../src/roles/log-topics.ts';
import { Pipelines } from '../../src/roles/pipelines.ts';
import { serve } from '../../src/roles/serve.ts';
import { settlement } from '../../src/roles/settlement.ts';
import type { Tools } from '../../src/roles/tools.ts';
import { openTransactions } from '../../src/roles/transactions.ts';
import { screen } from '../../src/streams/screen.ts';
import type { ScreenOptions } from '../../src/streams/screen.ts';
import type { Topics } from '../../src/streams/topics.ts';

export type RingProcess = AsyncDisposable & {
  readonly url: string;
  readonly eventLog: EventLog;
  readonly database: Database;
  readonly topics: Topics;
  /** What was logged, as JSON. */
  readonly lines: readonly string[];
};

/** There is no relay, so nothing is sent again by itself. */
export async function startRing(judge: ScreenOptions['judge']): Promise<RingProcess> {
  await using opening = new AsyncDisposableStack();
  const lines: string[] = [];
  const tools = toolsOf(lines);
  const database = opening.use(await openPglite({ directory: undefined, orm: ormOptions }));
  await migrate(database);
  const eventLog = opening.use(openEmbeddedLog({ clock: systemClock }));
  const keyStore = opening.use(openMemoryKeyStore({ clock: systemClock, markTtlMs: 60_000, keysMax: 1_000 }));
  await topicsReady(tools, eventLog);
  const logAndKeys = { eventLog, keyStore };
  const ledger = { database, statements: sqlStatements(database) };
  const parts = { ...openTransactions(tools, ledger, opening), ...logAndKeys };
  const door = frontDoor(tools, parts, opening);
  const pipelines = opening.use(new Pipelines(tools));
  const server = opening.use(await serve(tools, { door, checks: {} }));
  door.start(pipelines);
  settlement(tools, parts, pipelines);
  pipelines.start('screen', (signal) =>
    screen({ ...consumingOptions(tools, logAndKeys, { pipeline: 'screen', signal }), judge }),
  );
  const closing = opening.move();
  const close = (): Promise<void> => closing.disposeAsync();
  return { ...{ url: server.url, eventLog, database, topics: topicsOf(tools), lines }, [Symbol.asyncDispose]: close };
}

function toolsOf(lines: string[]): Tools {
  const loaded = loadConfig({ argv: ['--port', '0'], env: {} });
  if (loaded.kind !== 'config') throw new Error('the configuration of the repository is not valid');
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  const log: Log = { debug: write, info: write, warn: write, error: write, fatal: write };
  return {
    ...{ config: loaded.config, clock: systemClock, entropy: systemEntropy, log },
    metrics: openMetrics({ role: 'standalone' }),
    signal: new AbortController().signal,
    fail: (error) => {
      throw error;
    },
  };
}
