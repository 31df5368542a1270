/** The Koa application that every role serves: ids, logs and metrics of requests, problems for errors, health and metrics; the front door adds its routes. */
import type { RequestListener } from 'node:http';

import Koa from 'koa';
import { Router } from '@koa/router';

import type { RequestState, Scope } from './context.ts';
import type { Exposition, HttpMetrics } from './http-metrics.ts';
import type { HttpLog } from './log.ts';
import type { AuthOptions } from './middleware/authenticate.ts';
import { authenticator } from './middleware/authenticate.ts';
import { observe } from './middleware/observe.ts';
import { problems } from './middleware/problems.ts';
import { rawHeaderGuard } from './middleware/raw-header-guard.ts';
import { requestId } from './middleware/request-id.ts';
import { unrouted } from './middleware/unrouted.ts';
import type { HealthChecks } from './routes/health.ts';
import { live, ready } from './routes/health.ts';
import { metrics as metricsRoute } from './routes/metrics.ts';
import type { Middleware } from './context.ts';
import type { Clock } from '../platform/clock.ts';
import type { Entropy } from '../platform/entropy.ts';

export type BaseOptions = {
  readonly auth: AuthOptions;
  readonly checks: HealthChecks;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: HttpLog;
  /** What `/metrics` answers; a registry of prom-client fits. */
  readonly exposition: Exposition;
  readonly metrics: HttpMetrics;
  /** Aborts when the server begins to close; see server.ts. */
  readonly closing: AbortSignal;
  readonly limits: BaseLimits;
};

export type BaseLimits = { readonly targetMaxChars: number; readonly healthCheckMaxMs: number };

export type AddRoutes = (router: Router<RequestState>, allow: (scope: Scope) => Middleware) => void;

export function createBaseApp(options: BaseOptions, addRoutes: AddRoutes): Koa<RequestState> {
  const { auth, checks, clock, entropy, log, exposition, metrics, closing, limits } = options;
  const allow = authenticator(auth);
  const router = new Router<RequestState>();
  addRoutes(router, allow);
  router.get('/health/live', live);
  router.get('/health/ready', ready({ checks, clock, closing, checkMaxMs: limits.healthCheckMaxMs }));
  router.get('/metrics', allow('ops'), metricsRoute(exposition));
  const app = new Koa<RequestState>();
  app.on('error', (error: unknown) => reportStray(log, error));
  app.use(requestId(clock, entropy));
  app.use(observe(metrics, log, clock));
  app.use(problems(log));
  app.use(rawHeaderGuard(limits.targetMaxChars));
  app.use(router.routes());
  app.use(unrouted());
  return app;
}

export function listenerOf(app: Koa<RequestState>): RequestListener {
  const handle = app.callback();
  // Koa's handler ends every answer itself and its promise never rejects.
  return (request, response) => void handle(request, response);
}

const leaving: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** What reaches Koa itself came past `problems`: mostly clients that went away in the middle of an answer, which is their right. */
function reportStray(log: HttpLog, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (leaving.has(code)) log.debug({ code }, 'client left');
  else log.error({ err: error }, 'request met a bug');
}
