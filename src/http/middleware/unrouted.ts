/** Answers what no route has taken: OPTIONS with what is allowed, another method with 405, an unknown path with 404. */
import type { Context, Middleware } from '../context.ts';
import { Problem } from './problems.ts';

export function unrouted(): Middleware {
  return (context) => {
    const allowed = allowedMethods(context);
    if (allowed.size === 0) throw new Problem('not_found');
    const allow = [...allowed, 'OPTIONS'].join(', ');
    if (context.method !== 'OPTIONS') throw new Problem('method_not_allowed', { headers: { Allow: allow } });
    context.status = 204;
    context.set('Allow', allow);
  };
}

function allowedMethods(context: Context): Set<string> {
  return new Set((context.matched ?? []).flatMap(({ methods }) => methods));
}
