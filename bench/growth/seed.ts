/** Fills a migrated database with transactions that were decided in the past, and leaves it as a deployment that has kept up: indexed, vacuumed, analysed, with its readers at the end of the journal. */
import { journalReaders } from '../../src/streams/journal-readers.ts';
import {
  batchOf,
  cursorsSql,
  horizonSql,
  idSql,
  indexesSql,
  journalSql,
  spendUnitsOfWorkSql,
  transactionsSql,
} from './seed-sql.ts';

/** One connection: runs a statement and gives its rows. */
export type Ask = <Row>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export type Seeding = {
  readonly total: number;
  /** The youngest transaction is an hour older. */
  readonly nowMs: number;
  readonly tell?: (progress: string) => void;
};

export type Seeded = {
  readonly total: number;
  readonly nowMs: number;
};

type Index = { readonly drop: string; readonly build: string; readonly table: string };

/** Numbers of one statement: long enough to be cheap, short enough to be told of. */
const stretchOf = 1_000_000;

/** The two connections may be one and the same. The total must be whole batches. */
export async function seed([first, second]: readonly [Ask, Ask], { total, nowMs, tell }: Seeding): Promise<Seeded> {
  if (total % batchOf !== 0) throw new RangeError(`${total} are not whole batches of ${batchOf}`);
  const [horizon] = await first<{ xmin: string }>(horizonSql);
  await first(spendUnitsOfWorkSql((2 * total) / batchOf));
  const indexes = await first<Index>(indexesSql);
  for (const { drop } of indexes) await first(drop);
  const fill = async (ask: Ask, table: string, sql: string, more: readonly unknown[]): Promise<void> => {
    for (let from = 0; from < total; from += stretchOf) {
      await ask(sql, [total, nowMs, from, Math.min(total, from + stretchOf), ...more]);
    }
    for (const each of indexes) if (each.table === table) await ask(each.build);
    tell?.(`${table} is filled`);
    await ask(`vacuum (analyze) ${table}`);
  };
  await Promise.all([
    fill(first, 'transaction', transactionsSql(total), []),
    fill(second, 'transaction_event', journalSql, [horizon?.xmin]),
  ]);
  await first(cursorsSql, [journalReaders]);
  await first('checkpoint');
  return { total, nowMs };
}

/** Ids of these numbers, in their order. */
export async function idsOf(
  ask: Ask,
  { total, nowMs }: Seeded,
  numbers: readonly number[],
): Promise<readonly string[]> {
  const sql = `select ${idSql('i')}::text as id from unnest($3::bigint[]) with ordinality as n (i, place) order by place`;
  return (await ask<{ id: string }>(sql, [total, nowMs, numbers])).map(({ id }) => id);
}
