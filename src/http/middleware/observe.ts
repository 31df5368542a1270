/** Counts and times every request, and writes its access log line at the level debug. Routes are named by their pattern, never by what was asked. */
import type { HttpMetrics } from '../http-metrics.ts';
import type { HttpLog } from '../log.ts';
import type { Context, Middleware } from '../context.ts';
import type { Clock } from '../../platform/clock.ts';

export function observe(metrics: HttpMetrics, log: HttpLog, clock: Clock): Middleware {
  return async (context, next) => {
    const startedAt = clock.elapsed();
    metrics.inFlight.inc();
    try {
      await next();
    } finally {
      metrics.inFlight.dec();
      const durationMs = clock.elapsed() - startedAt;
      const { method, status } = context;
      const route = routeOf(context);
      // A stream lasts as long as its reader likes: its duration says nothing about this service.
      if (context.respond !== false) metrics.requests.observe({ method, route, status }, durationMs / 1000);
      const { requestId, caller } = context.state;
      log.debug({ requestId, client: caller?.clientId, method, route, status, durationMs }, 'request');
    }
  };
}

function routeOf({ routeMatched, _matchedRoute: route }: Context): string {
  return routeMatched === true && typeof route === 'string' ? route : 'unmatched';
}
