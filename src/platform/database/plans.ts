/**
 * Two ways to plan a statement, as settings of the connection that runs it (PostgreSQL manual, Query Planning). By statistics: anew for each execution with its values, since a
 * plan that was kept from the time when a table was empty kept its sequential scan and cost three times the throughput. By index: once per connection, from the text alone, with
 * nothing to choose from but indexes, so that no moment is a wrong one for planning; that spares a batch of one transaction half of the server's CPU (983 and 510 µs for its
 * four statements), and a batch of 40 a fifth (2,250 and 1,800 µs).
 */
export const plansByStatistics = settings('force_custom_plan', 'on');
export const plansByIndex = settings('force_generic_plan', 'off');

export type PlanSettings = readonly (readonly [name: string, value: string])[];

function settings(mode: string, others: 'on' | 'off'): PlanSettings {
  return [
    ['plan_cache_mode', mode],
    ...(['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'] as const).map(
      (name) => [name, others] as const,
    ),
  ];
}
