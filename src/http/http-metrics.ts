/** What the HTTP layer measures: traffic, errors and latency by route, and its event streams. */
import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

export type HttpMetrics = ReturnType<typeof httpMetrics>;

export function httpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: 'verdict_http_request_duration_seconds',
      help: 'Time from the first header to the handed over answer, by method, route pattern and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    inFlight: new Gauge({ name: 'verdict_http_requests_in_flight', help: 'Requests without an answer yet', registers }),
    sseClients: new Gauge({ name: 'verdict_sse_clients', help: 'Open event streams', registers }),
    sseFrames: new Counter({ name: 'verdict_sse_frames_total', help: 'Frames with data that were written', registers }),
    sseCut: new Counter({
      name: 'verdict_sse_clients_cut_total',
      help: 'Event streams ended from this side, by reason',
      labelNames: ['reason'],
      registers,
    }),
    parserErrors: new Counter({
      name: 'verdict_http_parser_errors_total',
      help: 'Connections that did not speak HTTP, by the code of the error',
      labelNames: ['code'],
      registers,
    }),
  };
}
