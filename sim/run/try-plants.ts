/** Checks the checks: plants one bug after the other and looks for a seed that notices it and is clean without it. */
import type { Command } from '../command-line.ts';
import { planOf } from '../plan/plan.ts';
import type { Plant } from '../planted/plant.ts';
import { withoutStacks } from './campaign.ts';
import { runPlan } from './run-plan.ts';

export type Try = {
  readonly plant: Plant;
  /** Undefined where it escaped. */
  readonly by: { readonly seed: number; readonly clause: string; readonly text: string } | undefined;
};

export async function tryPlants(command: Command, say: (line: string) => void): Promise<readonly Try[]> {
  const tries: Try[] = [];
  for (const plant of command.planted) {
    const by = await firstNotice(command, plant);
    say(
      `${plant.name.padEnd(28)} ${by === undefined ? 'ESCAPED' : `seed ${by.seed}: ${by.clause}, ${by.text.slice(0, 110)}`}`,
    );
    tries.push({ plant, by });
  }
  return tries;
}

export async function firstNotice(
  { seed: first, seeds, faults }: Pick<Command, 'seed' | 'seeds' | 'faults'>,
  plant: Plant,
): Promise<Try['by']> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    const plan = planOf(seed, faults);
    const { violations } = await withoutStacks(() => runPlan(plan, plant));
    const [violation] = violations;
    if (violation === undefined) continue;
    const clean = await withoutStacks(() => runPlan(plan));
    if (clean.violations.length === 0) return { seed, clause: violation.clause, text: violation.text };
  }
  return undefined;
}

export function tableOf(tries: readonly Try[], seeds: number): string {
  const rows = tries.map(({ plant: { name, what }, by }) => {
    return `| \`${name}\` | ${what} | ${by === undefined ? '**escaped**' : by.clause} | ${by?.seed ?? '–'} |`;
  });
  const caught = tries.filter(({ by }) => by !== undefined).length;
  return `# Planted bugs

A check that has never failed proves nothing. Each bug below is planted in the simulator, at the seam between the roles and their ports, and has to be
noticed within ${seeds} seeds by a check that is quiet on the same seed without it. The table is written by

\`\`\`sh
npm run sim -- --planted all --seeds ${seeds} --table docs/planted-bugs.md
\`\`\`

| bug | what is wrong | noticed as | first seed |
|---|---|---|---|
${rows.join('\n')}

${caught} of ${tries.length} planted bugs caught.
`;
}
