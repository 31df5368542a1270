/** Deliveries that write down what became of them, and records to put into them. */
import type { LogRecord } from '../../src/platform/event-log/event-log.ts';
import type { Delivery } from '../../src/streams/operators/from-log.ts';

export function deliveries(count: number, records: (index: number) => readonly LogRecord[] = () => []) {
  const outcomes: string[] = [];
  const list = Array.from({ length: count }, (_, index): Delivery => ({
    records: records(index),
    done: () => outcomes.push(`${index} done`),
    failed: () => outcomes.push(`${index} failed`),
  }));
  return { list, outcomes };
}

export function logRecord(changes: Partial<LogRecord> = {}): LogRecord {
  return {
    ...{ topic: 'test', partition: 0, offset: 0n, timestampMs: 0, key: Buffer.from('key'), value: Buffer.from('{}') },
    ...{ headers: new Map(), ...changes },
  };
}
