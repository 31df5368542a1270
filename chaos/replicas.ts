/** Two of each role, by name. */
export const roles = ['front-door', 'relay', 'anti-fraud', 'settlement'] as const;

export type Role = (typeof roles)[number];
/** `anti-fraud-2` */
export type ReplicaName = `${Role}-${1 | 2}`;

export function replicasOf(role: Role): readonly [ReplicaName, ReplicaName] {
  return [`${role}-1`, `${role}-2`];
}

export const replicas: readonly ReplicaName[] = roles.flatMap(replicasOf);

export function roleOf(name: ReplicaName): Role {
  const role = roles.find((each) => name.startsWith(`${each}-`));
  if (role === undefined) throw new Error(`${name} is no replica`);
  return role;
}
