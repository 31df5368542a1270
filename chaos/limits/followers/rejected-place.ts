/** Opens a transaction that the rules reject and waits for that, so that every follower is told of it, whatever little it asks for; resolves to where the journal says so. */
import { post } from '../../../tools/run/client.ts';
import type { Place } from '../../checker/cursor-id.ts';
import { asking } from '../../tables.ts';
import { eventually } from '../../wait.ts';

const limitMs = 60_000;
/** Far above what the rules let pass. */
const value = 50_000;

export async function rejectedPlace(doorUrl: string, databaseUrl: string): Promise<Place> {
  const { status, headers, text } = await post(doorUrl, { value });
  if (status !== 201) throw new Error(`${status} ${text}`);
  const id = headers.get('location')?.split('/').at(-1);
  let found: Place | undefined;
  await eventually(limitMs, async () => {
    found = await asking(databaseUrl, async (client) => {
      const sql = `select xid::text::float8 as xid, position::float8 as position from transaction_event where transaction_id = $1 and version = 2`;
      return (await client.query<Place>(sql, [id])).rows[0];
    });
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`${id} was not rejected within ${limitMs} ms`);
  return found;
}
