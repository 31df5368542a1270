/** Answers with a JSON text that does not change while the process lives. */
import type { Middleware } from '../context.ts';

export function document(content: unknown): Middleware {
  const text = JSON.stringify(content);
  return (context) => {
    context.set({ 'Cache-Control': 'public, max-age=300', 'Content-Type': 'application/json' });
    context.body = text;
  };
}

/** What a person who opens the address sees first. */
export const links = {
  service: 'verdict',
  links: {
    transactions: '/transactions',
    events: '/events',
    openapi: '/openapi.json',
    live: '/health/live',
    ready: '/health/ready',
    metrics: '/metrics',
  },
} as const;
