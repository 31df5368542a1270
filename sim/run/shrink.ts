/** Takes out of a failing plan whatever it fails without: faults first, then streams, requests and processes that only add to the timeline. */
import type { Plan } from '../plan/plan.ts';
import type { Plant } from '../planted/plant.ts';
import type { Outcome } from './run-plan.ts';
import { runPlan } from './run-plan.ts';

type Part = (plan: Plan, index: number) => Plan | undefined;

const parts: readonly Part[] = [
  (plan, index) => (index < plan.faults.length ? { ...plan, faults: plan.faults.toSpliced(index, 1) } : undefined),
  (plan, index) =>
    index < plan.subscribers.length ? { ...plan, subscribers: plan.subscribers.toSpliced(index, 1) } : undefined,
  (plan, index) => (index < plan.intents.length ? { ...plan, intents: plan.intents.toSpliced(index, 1) } : undefined),
];

/** The smallest that fails by the same clause. */
export async function shrink(outcome: Outcome, plant?: Plant): Promise<Outcome> {
  const clause = outcome.violations[0]?.clause;
  let smallest = outcome;
  for (let round = 0; round < 3; round += 1) {
    const before = smallest;
    for (const without of parts) smallest = await takeOut(smallest, { without, clause, plant });
    if (smallest === before) break;
  }
  return smallest;
}

type Taking = { readonly without: Part; readonly clause: string | undefined; readonly plant: Plant | undefined };

async function takeOut(outcome: Outcome, { without, clause, plant }: Taking): Promise<Outcome> {
  let smallest = outcome;
  for (let index = 0; ;) {
    const plan = without(smallest.plan, index);
    if (plan === undefined) return smallest;
    const candidate = await runPlan(plan, plant);
    if (candidate.violations[0]?.clause === clause) smallest = candidate;
    else index += 1;
  }
}
