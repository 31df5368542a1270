/** `GET /metrics`: what the process measures, in the Prometheus text format. */
import type { Middleware } from '../context.ts';
import type { Exposition } from '../http-metrics.ts';

export function metrics(exposition: Exposition): Middleware {
  return async (context) => {
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': exposition.contentType });
    context.body = await exposition.metrics();
  };
}
