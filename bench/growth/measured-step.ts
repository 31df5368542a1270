/** What one step of an axis came to, with what only some axes have. */
import type { Turn } from '../measure/turn.ts';
import type { Step } from './axes.ts';
import type { DatabaseWork } from './database-work.ts';
import type { ReadLatency } from './read-latencies.ts';

export type MeasuredStep = Step & {
  readonly turn: Turn;
  /** Of PostgreSQL for each transaction since the processes started. */
  readonly database: DatabaseWork;
  /** Where rows were there beforehand: how long reading them takes. */
  readonly reads: readonly ReadLatency[];
  readonly seedMs: number;
  /** Where rules grow: microseconds of judging alone. */
  readonly judging: number | undefined;
};

export type Quantity = (step: MeasuredStep) => number;

export const cpuOf = (role: string) => byRole(({ turn }) => turn.cpu, role);
export const memoryOf = (role: string) =>
  byRole(({ turn }) => Object.fromEntries(Object.entries(turn.memory).map(([name, { pssMb }]) => [name, pssMb])), role);

/** Of all but the load and its followers, which a deployment does not pay for. */
export const cpuOfAll: Quantity = (step) =>
  rolesOf(step)
    .filter((role) => role !== 'load' && role !== 'followers')
    .reduce((sum, role) => sum + cpuOf(role)(step), 0);

/** In units of what the load itself costs for a transaction, which is always the same work: what slows the whole machine down divides out. */
export const cpuInLoads: Quantity = (step) => cpuOfAll(step) / cpuOf('load')(step);

/** Processes of one kind count together; they are told apart by a number at the end of their name. */
export function rolesOf({ turn }: MeasuredStep): readonly string[] {
  return [...new Set(Object.keys(turn.cpu).map(roleOf))];
}

function byRole(pick: (step: MeasuredStep) => Readonly<Record<string, number>>, role: string): Quantity {
  return (step) =>
    Object.entries(pick(step)).reduce((sum, [name, value]) => (roleOf(name) === role ? sum + value : sum), 0);
}

function roleOf(name: string): string {
  return name.replace(/-\d+$/, '');
}
