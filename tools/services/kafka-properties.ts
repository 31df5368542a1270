/** The settings of a small Kafka cluster on loopback: brokers are controllers too, and everything is replicated as far as there are brokers. */
import type { Broker } from './directory.ts';

export function kafkaProperties(broker: Broker, brokers: readonly Broker[], logDirectory: string): string {
  const copies = Math.min(3, brokers.length);
  const voters = votersOf(brokers);
  const isVoter = voters.includes(broker);
  const listeners = [
    `CLIENT://127.0.0.1:${broker.port}`,
    ...(isVoter ? [`CONTROLLER://127.0.0.1:${broker.controllerPort}`] : []),
  ];
  const properties = {
    'node.id': broker.nodeId,
    'process.roles': isVoter ? 'broker,controller' : 'broker',
    'controller.quorum.voters': voters.map((one) => `${one.nodeId}@127.0.0.1:${one.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: listeners.join(','),
    'advertised.listeners': `CLIENT://127.0.0.1:${broker.port}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENT',
    'log.dirs': logDirectory,
    'auto.create.topics.enable': false,
    'default.replication.factor': copies,
    'min.insync.replicas': Math.max(1, copies - 1),
    ...internalTopics(copies),
    'group.initial.rebalance.delay.ms': 0,
    // A killed broker is let in again only when the controller has given up its former session: 9 s by default.
    'broker.session.timeout.ms': 6000,
    'broker.heartbeat.interval.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 4,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** An odd number of voters, so that with three brokers one may die, and with two the second one. */
function votersOf(brokers: readonly Broker[]): readonly Broker[] {
  return brokers.slice(0, brokers.length >= 3 ? 3 : 1);
}

function internalTopics(copies: number): Record<string, number> {
  const inSync = Math.max(1, copies - 1);
  return {
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}
