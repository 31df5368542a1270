/** Counts and times what the HTTP layer tells about itself. */
import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

/** Methods are a closed set here: a caller may invent one, and every new label value is memory for ever. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** Once per registry. */
export function httpMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Histogram({
    name: 'verdict_http_request_duration_seconds',
    help: 'Time from the first header to the handed over answer, by method, route pattern and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const inFlight = new Gauge({
    name: 'verdict_http_requests_in_flight',
    help: 'Requests without a whole answer yet, event streams included',
    registers,
  });
  const streams = new Gauge({ name: 'verdict_sse_clients', help: 'Open event streams', registers });
  const frames = new Counter({ name: 'verdict_sse_frames_total', help: 'Frames with data that were sent', registers });
  const cut = new Counter({
    name: 'verdict_sse_clients_cut_total',
    help: 'Event streams ended from this side, by reason',
    labelNames: ['reason'],
    registers,
  });
  const parserErrors = new Counter({
    name: 'verdict_http_parser_errors_total',
    help: 'Connections that did not speak HTTP, by code',
    labelNames: ['code'],
    registers,
  });
  return {
    requestStarted: (): void => inFlight.inc(),
    requestEnded: (request: Ended): void => {
      const { route, status, seconds } = request;
      inFlight.dec();
      const method = methods.has(request.method) ? request.method : 'OTHER';
      if (seconds !== undefined) requests.observe({ method, route, status }, seconds);
    },
    streamsOpen: (count: number): void => streams.set(count),
    frameSent: (): void => frames.inc(),
    streamCut: (reason: string): void => cut.inc({ reason }),
    parserError: (code: string): void => parserErrors.inc({ code }),
  };
}

type Ended = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number | undefined;
};
