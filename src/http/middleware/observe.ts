/** Counts and times every request, and writes its access log line at the level debug. Routes are named by their pattern, never by what was asked. */
import type { HttpMetrics } from '../http-metrics.ts';
import type { HttpLog } from '../log.ts';
import type { Context, Middleware } from '../context.ts';
import type { Clock } from '../../platform/clock.ts';

export function observe(metrics: HttpMetrics, log: HttpLog, clock: Clock): Middleware {
  return async (context, next) => {
    const startedAt = clock.elapsed();
    metrics.requestStarted();
    try {
      await next();
    } finally {
      const durationMs = clock.elapsed() - startedAt;
      const { method, status } = context;
      const route = routeOf(context);
      const seconds = context.respond === false ? undefined : durationMs / 1000;
      metrics.requestEnded({ method, route, status, seconds });
      const { requestId, caller } = context.state;
      log.debug({ requestId, client: caller?.clientId, method, route, status, durationMs }, 'request');
    }
  };
}

function routeOf({ routeMatched, _matchedRoute: route }: Context): string {
  return routeMatched === true && typeof route === 'string' ? route : 'unmatched';
}
