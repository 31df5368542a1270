/** The journal of what operators did to dead letters. */
import { Migration } from '@mikro-orm/migrations';

export class OperatorActionTable extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }

  override down(): void {
    this.addSql('drop table operator_action');
  }
}

const statements = [
  `create table operator_action (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    key_id text not null,
    client_id text not null,
    action text not null check (action in ('re-drive', 'discard')),
    topic text not null,
    log_partition integer not null,
    log_offset bigint not null,
    fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    outcome text not null check (outcome in ('begun', 'done', 'failed')),
    ended_at timestamptz,
    check ((outcome = 'begun') = (ended_at is null))
  )`,
  `create index operator_action_letter on operator_action (topic, log_partition, log_offset)`,
];
