/** `GET /metrics`: what the process measures, in the Prometheus text format. */
import type { Registry } from 'prom-client';

import type { Middleware } from '../context.ts';

export function metrics(registry: Registry): Middleware {
  return async (context) => {
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': registry.contentType });
    context.body = await registry.metrics();
  };
}
