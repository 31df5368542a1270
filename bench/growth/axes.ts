/** What can grow, and the sizes at which it is measured; the first of them is measured again at the end, so that the machine's own drift shows. */
export const axisNames = ['rows', 'processes', 'partitions', 'clients', 'rules'] as const;
export type Axis = (typeof axisNames)[number];

export type GrowthExtent = {
  readonly axes: readonly Axis[];
  /** Of transactions that are there before the load, at the most. */
  readonly rowsMax: number;
  /** Leaves the largest size of each axis out. */
  readonly quick: boolean;
};

export type Step = { readonly axis: Axis; readonly size: number; readonly again: boolean };

/** What grows, in the words of a table's head. */
export const units: Readonly<Record<Axis, string>> = {
  rows: 'transactions before',
  processes: 'processes of each role',
  partitions: 'partitions',
  clients: 'followers',
  rules: 'rules',
};

/** A ruleset holds 99 rules at the most. */
const sizes: Readonly<Record<Exclude<Axis, 'rows'>, readonly number[]>> = {
  processes: [1, 2, 4],
  partitions: [1, 6, 32],
  clients: [0, 500, 5_000],
  rules: [1, 10, 99],
};
const rowsAlways = [1_000, 100_000];

export function sizesOf(axis: Axis, { rowsMax, quick }: GrowthExtent): readonly number[] {
  if (axis !== 'rows') return quick ? sizes[axis].slice(0, -1) : sizes[axis];
  return [...new Set([...rowsAlways.filter((size) => size < rowsMax), rowsMax])];
}

export function stepsOf(axis: Axis, extent: GrowthExtent): readonly Step[] {
  const all = sizesOf(axis, extent).map((size) => ({ axis, size, again: false }));
  return [...all, ...all.slice(0, 1).map((first) => ({ ...first, again: true }))];
}
