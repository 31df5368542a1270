/** What an operator looks at and nobody counts: lag, backlog and the age of the horizon, read when the metrics are asked for, and given up before the scrape is. */
import { countBacklog, readHorizonAge } from '../persistence/sql/measures.ts';
import type { Database } from '../platform/database/database.ts';
import { bounded } from '../platform/event-log/bounded.ts';
import type { EventLog, Offsets } from '../platform/event-log/event-log.ts';
import { relayCursor } from '../streams/relay-progress.ts';
import type { RoleName } from './config/role-names.ts';
import { topicsOf } from './log-topics.ts';
import type { Tools } from './tools.ts';

/** Half of what a scraper usually waits for everything; the log may take longer to find out that its brokers are away. The database has limits of its own. */
const readingMaxMs = 2_000;
/** Past this the exact number tells nobody more. */
const backlogMax = 100_000;

/** The lag of the groups in which this process works; the relay, which holds back for it, shows both. */
export function watchLog(tools: Tools, eventLog: EventLog, has: (role: RoleName) => boolean): void {
  const { transactions, decisions, antiFraudGroup, settlementGroup } = topicsOf(tools);
  const groups = [
    { group: antiFraudGroup, topic: transactions, role: 'anti-fraud' },
    { group: settlementGroup, topic: decisions, role: 'settlement' },
  ] as const;
  const watched = groups.filter(({ role }) => has('relay') || has(role));
  if (watched.length === 0) return;
  const read = ({ group, topic }: { readonly group: string; readonly topic: string }) =>
    bounded({ clock: tools.clock, limitMs: readingMaxMs, what: 'a look at the log' }, async () => {
      // The committed ones first: what is handled meanwhile must not show as less than nothing.
      const committed = await eventLog.committed(group, topic);
      return { labels: { group }, value: lagOf(await eventLog.ends(topic), committed) };
    });
  tools.metrics.watchLag(() => Promise.all(watched.map(read)));
}

export function watchJournal({ metrics }: Tools, database: Database): void {
  metrics.watchBacklog(() => countBacklog(database, relayCursor, backlogMax));
  metrics.watchHorizonAge(() => readHorizonAge(database));
}

/** A group that never committed has everything before it. */
export function lagOf(ends: Offsets, committed: Offsets): number {
  let lag = 0n;
  for (const [partition, end] of ends) {
    const next = committed.get(partition) ?? 0n;
    const behind = end - (next < 0n ? 0n : next);
    if (behind > 0n) lag += behind;
  }
  return Number(lag);
}
