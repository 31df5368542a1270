/** Counts and times every request, a stream to its end, and writes its access log line at the level debug. Routes are named by their pattern, never by what was asked. */
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
      const { method, res: response } = context;
      const route = routeOf(context);
      const { requestId, caller } = context.state;
      const streams = context.respond === false;
      const ended = (status: number): void => {
        const durationMs = clock.elapsed() - startedAt;
        metrics.requestEnded({ method, route, status, seconds: streams ? undefined : durationMs / 1000 });
        log.debug({ requestId, client: caller?.clientId, method, route, status, durationMs }, 'request');
      };
      if (streams && !response.closed) response.once('close', () => ended(response.statusCode));
      else ended(context.status);
    }
  };
}

function routeOf({ routeMatched, _matchedRoute: route }: Context): string {
  return routeMatched === true && typeof route === 'string' ? route : 'unmatched';
}
