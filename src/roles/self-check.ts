/** What a process looks at before it trusts its database: that a commit is on the disk when it is answered, and that both clocks say the same, since deadlines are times. */
import type { Database } from '../platform/database/database.ts';
import { Failure } from '../platform/failure.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

/** A deadline is minutes away; a clock that is wrong by more than this would decide in the place of the rules, or never. */
export const clockSkewMaxMs = 5_000;

type Settings = { readonly fsync: string; readonly synchronous_commit: string; readonly now_ms: number };

export async function selfCheck(tools: Tools, database: Database): Promise<void> {
  // The embedded database syncs nothing and shares this process's clock; what that means is said in the README.
  if (tools.config.database.url === null) return;
  await untilThere(tools, 'the database', async () => {
    const sentAt = tools.clock.now();
    const [settings] = await database.query<Settings>(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
        (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`,
      [],
    );
    if (settings === undefined) return;
    const faults = faultsOf(settings, { sentAt, answeredAt: tools.clock.now() });
    if (faults.length > 0) throw new Failure('configuration_invalid', faults.join('; '));
  });
}

export function faultsOf(
  settings: Settings,
  { sentAt, answeredAt }: { readonly sentAt: number; readonly answeredAt: number },
): readonly string[] {
  const { fsync, synchronous_commit: commit, now_ms: theirs } = settings;
  const skewMs = Math.round(theirs < sentAt ? sentAt - theirs : Math.max(0, theirs - answeredAt));
  return [
    ...(fsync === 'on'
      ? []
      : ['PostgreSQL runs with fsync = off, so that what it acknowledged can be lost: set it to on']),
    ...(commit === 'off'
      ? ['PostgreSQL runs with synchronous_commit = off, so that what it acknowledged can be lost: set it to on']
      : []),
    ...(skewMs <= clockSkewMaxMs
      ? []
      : [
          `this machine's clock and the database's differ by ${skewMs} ms, more than ${clockSkewMaxMs}: synchronise them (NTP)`,
        ]),
  ];
}
