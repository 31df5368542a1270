/** Metrics that only count what the checks compare; nothing of the machine is measured, and whatever else is told is dropped. */
import { Registry } from 'prom-client';

import type { Metrics } from '../../src/platform/metrics/metrics.ts';

export type Counted = {
  readonly transitions: Map<string, number>;
  announcing: () => number | Promise<number>;
  /** Told of everything else that is counted, by its name and labels. */
  readonly onOther: (mark: string) => void;
};

const registry = new Registry();

export function simulatedMetrics(counted: Counted): Metrics {
  const kept: Partial<Metrics> = {
    registry,
    exposition: { contentType: registry.contentType, metrics: async () => '' },
    transition: (event) => void counted.transitions.set(event, (counted.transitions.get(event) ?? 0) + 1),
    watchAnnouncements: (read) => {
      counted.announcing = read;
    },
  };
  // Every other member of the type takes something and answers nothing.
  return new Proxy(kept, {
    get: (target, name) => Reflect.get(target, name) ?? told(counted, String(name)),
  }) as Metrics;
}

function told({ onOther }: Counted, name: string): (...values: readonly unknown[]) => void {
  return (...values) => onOther([name, ...values.filter((value) => typeof value === 'string')].join(' '));
}
