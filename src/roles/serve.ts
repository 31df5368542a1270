/** The HTTP server of a process: the API where it is a front door, health and metrics in every role. */
import { createApp } from '../http/app.ts';
import type { Api } from '../http/api.ts';
import type { BaseOptions } from '../http/base-app.ts';
import type { DeadLetters } from '../http/dead-letters.ts';
import { createOpsApp } from '../http/ops-app.ts';
import type { AuthOptions } from '../http/middleware/authenticate.ts';
import type { HealthChecks } from '../http/routes/health.ts';
import { HttpServer } from '../http/server.ts';
import { httpMetrics } from '../platform/metrics/http-metrics.ts';
import { readPackageVersion } from './config/repository.ts';
import type { Config } from './config/schema.ts';
import type { Tools } from './tools.ts';

export type Served = { readonly checks: HealthChecks; readonly door: Door | undefined };
/** What only a front door serves. */
export type Door = { readonly api: Api; readonly deadLetters: DeadLetters };

export function serve(tools: Tools, { door, checks }: Served): Promise<HttpServer> {
  const { config, clock, entropy, log, metrics: all } = tools;
  const { http, sse } = config;
  const metrics = httpMetrics(all.registry);
  const limits = { targetMaxChars, healthCheckMaxMs };
  const base = (closing: AbortSignal): BaseOptions => ({
    ...{ auth: authOf(config), checks, clock, entropy, log, exposition: all.exposition, metrics, closing, limits },
  });
  return HttpServer.listen({
    ...{ host: http.host, port: http.port, clock, metrics },
    limits: {
      headersMaxBytes: http.headersMaxBytes,
      headersMaxMs: http.headersTimeoutMs,
      requestMaxMs: http.requestTimeoutMs,
      keepAliveMs: http.keepAliveTimeoutMs,
      requestsPerConnectionMax: 0,
      connectionsMax: http.connectionsMax,
      closeMs: config.shutdown.graceMs / 2,
    },
    app: (closing) =>
      door === undefined
        ? createOpsApp(base(closing))
        : createApp({
            ...base(closing),
            ...{ ...door, version: readPackageVersion(), catalogue: catalogueOf(config) },
            sse: { ...sse, perClientMax: sse.clientsPerClientMax, perProcessMax: sse.clientsMax },
            limits: {
              ...limits,
              bodyMaxBytes: http.bodyMaxBytes,
              waitMaxMs: http.waitMaxSeconds * 1000,
              inFlightMax: http.inFlightMax,
              workingMax: http.workingMax,
              refusalsPerSecondMax: http.refusalsPerSecondMax,
              pageMax: http.pageMax,
              pageDefault: Math.min(20, http.pageMax),
            },
          }),
  });
}

/** A request target past this is answered 414: three times the longest that the API itself hands out. */
const targetMaxChars = 2_048;
const healthCheckMaxMs = 2_000;

function authOf({ auth }: Config): AuthOptions {
  if (auth.mode === 'none') return { mode: 'none' };
  const keys = auth.keys.map((key) => ({ ...key, scopes: [...key.scopes] }));
  return { mode: 'api-keys', keys, pepper: auth.pepper ?? '' };
}

function catalogueOf({ money, transferTypes }: Config): Parameters<typeof createApp>[0]['catalogue'] {
  return {
    ...money,
    transferTypes: Object.entries(transferTypes).map(([id, name]) => ({ id: Number(id), name })),
  };
}
