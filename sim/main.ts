/** The simulator's command line. */
import { timeline } from './kernel/history.ts';
import { planOf } from './plan/plan.ts';
import { runPlan } from './run/run-plan.ts';

const seed = Number(process.argv[2] ?? 1), seeds = Number(process.argv[3] ?? 1);
Error.stackTraceLimit = 0;
await runPlan(planOf(1)); const c0 = process.cpuUsage(); const t0 = performance.now();
let bad = 0, events = 0;
for (let s = seed; s < seed + seeds; s++) {
  const o = await runPlan(planOf(s));
  events += o.events;
  if (seeds === 1) { console.log(timeline(o.happenings).join('\n')); console.log(o.plan.faults); console.log('history', o.hash, o.events); }
  if (o.violations.length) { bad++; if (bad < 12) console.log('seed', s, o.plan.faults.map(f => f.kind).join(), o.violations.slice(0, 2)); }
}
console.log(process.cpuUsage(c0));console.log({ bad, events: events / seeds, perS: seeds / (performance.now() - t0) * 1000 });
