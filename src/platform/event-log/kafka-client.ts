/** One kafkajs client: sockets without Nagle's delay, its own chatter lowered, and no timer that spins while nothing waits. */
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaSettings } from './kafka-options.ts';

/** Two consumers of one group must not share a client: it keeps one table of committed offsets per group. */
export function kafkaClient(settings: KafkaSettings): Kafka {
  stopIdleTimers();
  const { brokers, clientId, requestTimeoutMs, chatter } = settings;
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: Math.min(2_000, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    // Short, because whoever calls has a loop and a limit of its own.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
    logLevel: logLevel.INFO,
    logCreator: chatter,
    socketFactory: ({ host, port, onConnect }) =>
      connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 }, onConnect),
  });
}

type RequestQueue = {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
};

let timersStopped = false;

/** kafkajs 2.2.4 asks for a timer of a negative time after every response; Node 24 makes that a 1 ms timer per connection, for ever, and warns. */
function stopIdleTimers(): void {
  if (timersStopped) return;
  timersStopped = true;
  const { prototype }: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
