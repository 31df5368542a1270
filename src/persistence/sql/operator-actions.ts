/** The journal of operator actions on a Database. Few and small: nobody waits for these on the way of a transaction. */
import type { Database } from '../../platform/database/database.ts';
import type { ClientId } from '../../transaction/ids.ts';
import type {
  ActionId,
  ActionName,
  LetterId,
  NewOperatorAction,
  OperatorAction,
  OperatorActions,
} from '../operator-actions.ts';

export function sqlOperatorActions(database: Database): OperatorActions {
  return {
    begin: (actions) => begin(database, actions),
    end: (ids, outcome) => end(database, ids, outcome),
    about: (letters) => about(database, letters),
  };
}

// Identities are given in the order of the input, so the ids sorted are the answer.
const beginSql = `insert into operator_action (at, key_id, client_id, action, topic, log_partition, log_offset, fingerprint, outcome)
  select at, key_id, client_id, action, topic, log_partition, log_offset, fingerprint, 'begun'
  from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::text[])
    with ordinality as i (at, key_id, client_id, action, topic, log_partition, log_offset, fingerprint, place)
  order by place
  returning id::text as id`;

async function begin(database: Database, actions: readonly NewOperatorAction[]): Promise<readonly ActionId[]> {
  const rows = await database.query<{ id: ActionId }>(beginSql, [
    actions.map(({ at }) => new Date(at).toISOString()),
    actions.map(({ operator }) => operator.keyId),
    actions.map(({ operator }) => operator.clientId),
    actions.map(({ name }) => name),
    ...places(actions.map(({ letter }) => letter)),
    actions.map(({ letter }) => letter.fingerprint),
  ]);
  return rows.map(({ id }) => id).toSorted((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
}

const endSql = `update operator_action set outcome = $2::text, ended_at = now()
  where id = any($1::bigint[]) and outcome = 'begun'`;

async function end(database: Database, ids: readonly ActionId[], outcome: 'done' | 'failed'): Promise<void> {
  await database.query(endSql, [ids, outcome]);
}

const aboutSql = `select a.id::text as id, a.key_id, a.client_id, a.action, a.topic, a.log_partition::int as log_partition,
    a.log_offset::text as log_offset, a.fingerprint, a.outcome, (extract(epoch from a.at) * 1000)::float8 as at_ms
  from (select distinct * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[])
      as u (topic, log_partition, log_offset, fingerprint)) as i
    join operator_action a using (topic, log_partition, log_offset, fingerprint)
  order by a.id`;

type ActionRow = {
  readonly id: ActionId;
  readonly key_id: string;
  readonly client_id: ClientId;
  readonly action: ActionName;
  readonly topic: string;
  readonly log_partition: number;
  readonly log_offset: string;
  readonly fingerprint: string;
  readonly outcome: OperatorAction['outcome'];
  readonly at_ms: number;
};

async function about(database: Database, letters: readonly LetterId[]): Promise<readonly OperatorAction[]> {
  const fingerprints = letters.map(({ fingerprint }) => fingerprint);
  const rows = await database.query<ActionRow>(aboutSql, [...places(letters), fingerprints]);
  return rows.map((row) => ({
    id: row.id,
    name: row.action,
    letter: {
      topic: row.topic,
      partition: row.log_partition,
      offset: BigInt(row.log_offset),
      fingerprint: row.fingerprint,
    },
    operator: { keyId: row.key_id, clientId: row.client_id },
    at: row.at_ms,
    outcome: row.outcome,
  }));
}

function places(letters: readonly LetterId[]): readonly [string[], number[], string[]] {
  return [
    letters.map(({ topic }) => topic),
    letters.map(({ partition }) => partition),
    letters.map(({ offset }) => offset.toString()),
  ];
}
