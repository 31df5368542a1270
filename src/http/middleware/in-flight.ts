/**
 * Lets no more than `max` requests be answered at once, waiting ones included, and refuses the rest before anything is read or asked for them.
 * One count for all the routes that it stands before; it comes after `authenticate`, so that a stranger's slow body takes no place.
 */
import type { Middleware } from '../context.ts';
import { Problem } from './problems.ts';

export function inFlight(max: number): Middleware {
  let answering = 0;
  return async (_context, next) => {
    if (answering >= max) throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
    answering += 1;
    try {
      await next();
    } finally {
      answering -= 1;
    }
  };
}
