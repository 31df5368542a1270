/** Gives every request an id for correlation only: the caller's `X-Request-Id` where it is harmless, else a new one. The answer carries it. */
import type { Middleware } from '../context.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';

export function requestId(clock: Clock, entropy: Entropy): Middleware {
  return (context, next) => {
    const given = context.req.headers['x-request-id'];
    const id = typeof given === 'string' && /^[A-Za-z0-9_.:-]{1,64}$/.test(given) ? given : entropy.uuid(clock.now());
    context.state.requestId = id;
    context.res.setHeader('X-Request-Id', id);
    return next();
  };
}
