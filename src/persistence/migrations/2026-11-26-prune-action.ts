/** Operators also prune, which is about no dead letter: what it was about and what came of it stands in `detail`. */
import { Migration } from '@mikro-orm/migrations';

export class PruneAction extends Migration {
  override up(): void {
    this.addSql(`alter table operator_action
      alter column client_id drop not null,
      alter column topic drop not null,
      alter column log_partition drop not null,
      alter column log_offset drop not null,
      alter column fingerprint drop not null,
      add column detail jsonb,
      drop constraint operator_action_action_check,
      add constraint operator_action_action_check check (action in ('re-drive', 'discard', 'prune')),
      add constraint operator_action_about check (
        num_nonnulls(client_id, topic, log_partition, log_offset, fingerprint) = case when action = 'prune' then 0 else 5 end
        and (action = 'prune') = (detail is not null))`);
  }

  override down(): void {
    this.addSql(`delete from operator_action where action = 'prune'`);
    this.addSql(`alter table operator_action
      drop constraint operator_action_about,
      drop constraint operator_action_action_check,
      add constraint operator_action_action_check check (action in ('re-drive', 'discard')),
      drop column detail,
      alter column client_id set not null,
      alter column topic set not null,
      alter column log_partition set not null,
      alter column log_offset set not null,
      alter column fingerprint set not null`);
  }
}
