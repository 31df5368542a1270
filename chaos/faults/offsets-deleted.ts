/** A group's committed offsets are gone: it begins with the first record of the log again, and all of it comes twice. */
import type { Fault } from '../arena.ts';
import { groups, plainKafka } from '../kafka-client.ts';
import { replicasOf } from '../replicas.ts';
import { bounded, eventually } from '../wait.ts';

export const offsetsDeleted: Fault = {
  kind: 'offsets-deleted',
  breaks: ['anti-fraud', 'settlement', 'kafka'],
  limitMs: 60_000,
  bar: { says: 'the group is back ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  strike: async ({ fleet, services }, random) => {
    const role = random.pick(['anti-fraud', 'settlement'] as const);
    const names = replicasOf(role);
    await Promise.all(names.map((name) => fleet.end(name)));
    const deleted = await eventually(
      12_000,
      () => bounded(4_000, 'deleting a group', deleteGroup(services.env.KAFKA_BROKERS, groups[role])),
      500,
    );
    const fromMs = Date.now();
    await Promise.all(names.map((name) => fleet.start(name)));
    return { note: `${groups[role]}${deleted ? '' : ', but it was not empty'}`, fromMs };
  },
};

/** The broker refuses while the group has members. */
async function deleteGroup(brokers: string, group: string): Promise<boolean> {
  const admin = plainKafka(brokers).admin();
  await admin.connect();
  try {
    await admin.deleteGroups([group]);
    return true;
  } finally {
    await admin.disconnect();
  }
}
