/** Runs seed after seed, stops at the first that fails and makes it small, and asks in the end whether every rare state was reached. */
import type { Command } from '../command-line.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import { planOf } from '../plan/plan.ts';
import { missingMarks } from './marks.ts';
import { report } from './report.ts';
import { timeline } from '../kernel/history.ts';
import type { Outcome } from './run-plan.ts';
import { runPlan } from './run-plan.ts';
import { shrink } from './shrink.ts';

/** Fewer seeds than this may miss a rare state by chance. */
const seedsForMarks = 2_000;
const progressEveryMs = 10_000;

/** True where all went well. */
export async function runCampaign(command: Command): Promise<boolean> {
  const marks = new Set<string>();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let said = startedAt;
  let [runs, events, accepted] = [0, 0, 0];
  for (let seed = command.seed; seed < command.seed + command.seeds; seed += 1) {
    const outcome = await withoutStacks(() => runPlan(planOf(seed, command.faults)));
    for (const mark of outcome.marks) marks.add(mark);
    runs += 1;
    events += outcome.events;
    accepted += outcome.accepted;
    if (command.verbose) console.log([...timeline(outcome.happenings), `history ${outcome.hash}`].join('\n'));
    if (outcome.violations.length > 0) return await tell(command, outcome);
    if (performance.now() - said < progressEveryMs) continue;
    said = performance.now();
    console.log(`${runs} of ${command.seeds} seeds, ${rate(runs, startedAt)}, 0 violations`);
  }
  const judged = command.seeds >= seedsForMarks && command.faults.length === faultKinds.length;
  const missing = judged ? missingMarks(marks) : [];
  if (missing.length > 0) console.log(`never reached: ${missing.join(', ')}`);
  const { user, system } = process.cpuUsage(cpu);
  const perCpu = (runs / ((user + system) / 1_000_000)).toFixed(0);
  console.log(
    `${runs} seeds, ${rate(runs, startedAt)}, ${perCpu} per second of CPU, ${events} events, ${accepted} accepted`,
  );
  console.log(`${marks.size} marks, 0 violations`);
  return missing.length === 0;
}

async function tell(command: Command, outcome: Outcome): Promise<boolean> {
  const small = command.shrink ? await shrink(outcome) : outcome;
  console.log(report(outcome, small).join('\n'));
  return false;
}

function rate(runs: number, startedAt: number): string {
  return `${((1_000 * runs) / (performance.now() - startedAt)).toFixed(0)} seeds/s`;
}

/** Every failure that is thrown on purpose would take one: a fifth of the time of a run. */
export async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = before;
  }
}
