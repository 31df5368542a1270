/** What each role needs to be ready. Redis is never required: without it Verdict is slower and repeats work, and loses nothing. */
import type { HealthChecks } from '../http/routes/health.ts';
import type { Ledger } from './adapters.ts';
import type { LogAndKeys } from './consuming.ts';

export type HealthOf = {
  readonly ledger: Ledger | undefined;
  readonly logAndKeys: LogAndKeys;
  /** A front door accepts transactions while the log is away: they stay PENDING until it is back. */
  readonly needsLog: boolean;
  /** Rejects until the process has started its pipelines. */
  readonly started: () => Promise<void>;
};

export function healthChecks({ ledger, logAndKeys, needsLog, started }: HealthOf): HealthChecks {
  return {
    start: { required: true, check: started },
    ...(ledger === undefined ? {} : { database: { required: true, check: () => ledger.database.ping() } }),
    eventLog: { required: needsLog, check: () => logAndKeys.eventLog.ping() },
    keyStore: { required: false, check: () => logAndKeys.keyStore.ping() },
  };
}
