/**
 * One connection to the cluster that writes records, acknowledged by every replica in sync. It never tries twice: after any error it knows too little, and its owner makes
 * another one, which asks for the leaders anew.
 *
 * It stands in for kafkajs's producer, which spends most of a send on small zeroed buffers, on 64-bit objects for lengths and hashes, on grouping by copying and on a
 * checksum byte by byte. CPU of one send with its answer on a real broker, records of 690 bytes: 40 records 330 instead of 2,040 µs, 400 records 1.5 instead of 15 ms,
 * one record 210 instead of 340 µs, on a busy machine; the same bytes (test/platform/event-log/record-batch.test.ts).
 */
import { ByteWriter } from './byte-writer.ts';
import { Failure } from '../failure.ts';
import { openCluster, produceDefinition } from './kafka-cluster.ts';
import { createPartitioner } from './partitioner.ts';
import { produceKey, writeProduceRequest } from './produce-request.ts';
import type { Cluster, Connection, Protocol } from './kafka-cluster.ts';
import type { KafkaSettings } from './kafka-options.ts';
import type { NewRecord } from './event-log.ts';
import type { TopicData } from './produce-request.ts';

export type TopicRecords = { readonly topic: string; readonly records: readonly NewRecord[] };

export class KafkaSender {
  readonly #cluster: Cluster;
  readonly #requestTimeoutMs: number;
  readonly #now: () => number;
  readonly #partitioner;
  readonly #known = new Set<string>();

  constructor(settings: KafkaSettings) {
    const { clock, entropy, requestTimeoutMs } = settings;
    this.#cluster = openCluster(settings);
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#now = () => clock.now();
    this.#partitioner = createPartitioner(() => entropy.fraction());
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
  }

  async disconnect(): Promise<void> {
    await this.#cluster.disconnect();
  }

  /** `bytes` is about what the records take. */
  async send(topics: readonly TopicRecords[], bytes: number): Promise<void> {
    await this.#learn(topics.map(({ topic }) => topic));
    const byLeader = new Map<number, TopicData[]>();
    for (const each of topics) this.#share(each, byLeader);
    await Promise.all([...byLeader].map(([leader, data]) => this.#produce(leader, data, bytes)));
  }

  async #learn(topics: readonly string[]): Promise<void> {
    const fresh = topics.filter((topic) => !this.#known.has(topic));
    if (fresh.length > 0) await this.#cluster.addMultipleTargetTopics(fresh);
    for (const topic of fresh) this.#known.add(topic);
    await this.#cluster.refreshMetadataIfNecessary();
  }

  #share({ topic, records }: TopicRecords, byLeader: Map<number, TopicData[]>): void {
    const metadata = this.#cluster.findTopicPartitionMetadata(topic);
    if (metadata.length === 0) throw new Failure('event_log_unavailable', `nothing is known of the topic ${topic}`);
    const led = metadata.filter(({ leader }) => leader >= 0);
    const available = (led.length > 0 ? led : metadata).map(({ partitionId }) => partitionId);
    const shares: NewRecord[][] = [];
    for (const record of records) {
      const partition = this.#partitioner(topic, record.key, { count: metadata.length, available });
      (shares[partition] ??= []).push(record);
    }
    for (const [partition, share] of shares.entries()) {
      if (share === undefined) continue;
      const leader = metadata.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
      if (leader < 0) throw new Failure('event_log_unavailable', `nobody leads partition ${partition} of ${topic}`);
      const data = byLeader.get(leader) ?? [];
      byLeader.set(leader, data);
      const last = data.at(-1);
      if (last?.topic === topic) last.partitions.push({ partition, records: share });
      else data.push({ topic, partitions: [{ partition, records: share }] });
    }
  }

  async #produce(leader: number, topics: readonly TopicData[], bytes: number): Promise<void> {
    const broker = await this.#cluster.findBroker({ nodeId: `${leader}` });
    const protocol = broker.lookupRequest(produceKey, produceDefinition())({ acks: -1, topicData: [] });
    const { apiVersion } = protocol.request;
    if (apiVersion < 3) throw new Failure('event_log_refused', 'the broker is older than Kafka 0.11');
    const connection = await broker.connectionPool.getConnection();
    await exchange(connection, protocol, (correlationId) => {
      const into = new ByteWriter(bytes + headBytes);
      const { clientId } = connection;
      const request = { timeoutMs: this.#requestTimeoutMs, topics, timestampMs: this.#now() };
      writeProduceRequest(into, { apiVersion, correlationId, clientId }, request);
      return into.written;
    });
  }
}

/** More than the names of a few topics take. */
const headBytes = 1_024;

/** Sends a request that is whole already. kafkajs's own way copies it twice into zeroed buffers, which takes longer than writing it. */
async function exchange(connection: Connection, protocol: Protocol, write: (id: number) => Buffer): Promise<void> {
  const { request, response } = protocol;
  const { apiKey, apiName, apiVersion } = request;
  if (!connection.isAuthenticated()) await connection.authenticate();
  connection.failIfNotConnected();
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly payload: Buffer }>();
  const correlationId = connection.nextCorrelationId();
  const frame = write(correlationId);
  connection.requestQueue.push({
    entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
    expectResponse: true,
    requestTimeout: null,
    sendRequest: () => connection.socket.write(frame),
  });
  const decoded = await response.decode((await promise).payload);
  connection.requestQueue.maybeThrottle(decoded.clientSideThrottleTime);
  await response.parse(decoded);
}
