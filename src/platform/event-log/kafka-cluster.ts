/**
 * The inner cluster of a kafkajs client: brokers, metadata and requests without the producer or consumer around them. Everything that kafkajs 2.2.4 does not document and
 * that is used all the same is named here and looked at when the log is opened, so that another version fails there and not in the middle of the night.
 */
import { createRequire } from 'node:module';
import { kafkaClient } from './kafka-client.ts';
import type { Kafka } from 'kafkajs';
import type { KafkaSettings } from './kafka-options.ts';

export type Cluster = {
  readonly connect: () => Promise<void>;
  readonly disconnect: () => Promise<void>;
  readonly addMultipleTargetTopics: (topics: readonly string[]) => Promise<void>;
  readonly refreshMetadataIfNecessary: () => Promise<void>;
  readonly findTopicPartitionMetadata: (topic: string) => readonly PartitionMetadata[];
  readonly findBroker: (options: { readonly nodeId: string }) => Promise<Broker>;
};

/** `leader` is -1 where there is none. */
export type PartitionMetadata = { readonly partitionId: number; readonly leader: number };

export type Broker = {
  readonly fetch: (request: object) => Promise<{ readonly responses: readonly FetchedTopic[] }>;
  /** The newest version that kafkajs and the broker both know. */
  readonly lookupRequest: (apiKey: number, definition: Definition) => (options: object) => Protocol;
  readonly connectionPool: { readonly getConnection: () => Promise<Connection> };
};

export type Connection = {
  readonly clientId: string;
  readonly isAuthenticated: () => boolean;
  readonly authenticate: () => Promise<void>;
  readonly nextCorrelationId: () => number;
  readonly failIfNotConnected: () => void;
  readonly requestQueue: {
    readonly push: (request: QueuedRequest) => void;
    readonly maybeThrottle: (ms: number | undefined) => void;
  };
  readonly socket: { readonly write: (bytes: Buffer) => void };
};

export type QueuedRequest = {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly resolve: (answer: { readonly payload: Buffer }) => void;
    readonly reject: (error: unknown) => void;
  };
  readonly expectResponse: true;
  readonly requestTimeout: null;
  readonly sendRequest: () => void;
};

export type FetchedTopic = { readonly partitions: readonly { readonly messages: readonly unknown[] }[] };

type Definition = {
  readonly versions: readonly string[];
  readonly protocol: (which: { readonly version: string }) => (options: object) => Protocol;
};

export type Protocol = {
  readonly request: { readonly apiKey: number; readonly apiVersion: number; readonly apiName: string };
  readonly response: {
    readonly decode: (payload: Buffer) => Promise<{ readonly clientSideThrottleTime?: number | undefined }>;
    /** Throws what the broker refused. */
    readonly parse: (decoded: object) => Promise<unknown>;
  };
};

export function openCluster(settings: KafkaSettings): Cluster {
  const kafka = kafkaClient(settings);
  const create = Reflect.get(kafka, creatorOf(kafka));
  const cluster: Cluster = create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  for (const method of methods) if (typeof cluster[method] !== 'function') throw unexpected(method);
  return cluster;
}

/** Every request of the client's producers and consumers that are made from now on passes `change` before it is sent. */
export function wrapClusters(kafka: Kafka, change: (protocol: Protocol) => Protocol): void {
  const symbol = creatorOf(kafka);
  const create: (options: object) => { readonly brokerPool: BrokerPool } = Reflect.get(kafka, symbol);
  const created = (options: object): unknown => {
    const cluster = create(options);
    const { brokerPool } = cluster;
    if (typeof brokerPool?.createBroker !== 'function') throw unexpected('brokerPool.createBroker');
    const { createBroker } = brokerPool;
    brokerPool.createBroker = (brokerOptions) => {
      const broker = createBroker(brokerOptions);
      const pool = broker.connectionPool;
      const send = pool.send.bind(pool);
      pool.send = (protocol) => send(change(protocol));
      return broker;
    };
    return cluster;
  };
  Reflect.set(kafka, symbol, created);
}

type BrokerPool = {
  createBroker: (options: object) => {
    readonly connectionPool: { send: (protocol: Protocol) => Promise<unknown> };
  };
};

function creatorOf(kafka: Kafka): symbol {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === creator);
  if (symbol === undefined || typeof Reflect.get(kafka, symbol) !== 'function') throw unexpected(creator);
  return symbol;
}

const creator = 'private:Kafka:createCluster';

const methods = [
  'connect',
  'disconnect',
  'addMultipleTargetTopics',
  'refreshMetadataIfNecessary',
  'findTopicPartitionMetadata',
  'findBroker',
] as const;

/** The produce request in all its versions, for `lookupRequest`. */
export function produceDefinition(): Definition {
  return createRequire(import.meta.url)('kafkajs/src/protocol/requests').requests.Produce;
}

/** Throws unless kafkajs is as it is used here; asks nobody. */
export function inspectKafkajs(settings: KafkaSettings): void {
  openCluster(settings);
  const client = kafkaClient(settings);
  wrapClusters(client, (protocol) => protocol);
  client.consumer({ groupId: 'inspected' });
  const load = createRequire(import.meta.url);
  const { requests } = load('kafkajs/src/protocol/requests');
  inspectRequest(requests.Produce, { apiKey: 0, apiVersion: 7, apiName: 'Produce' });
  inspectRequest(requests.Fetch, { apiKey: 1, apiVersion: 11, apiName: 'Fetch' });
  for (const [file, names] of Object.entries(classes)) {
    const { prototype } = load(`kafkajs/src/${file}`);
    for (const name of names) if (typeof prototype[name] !== 'function') throw unexpected(`${file}: ${name}`);
  }
  const Batch = load('kafkajs/src/consumer/batch');
  const batch = new Batch('topic', '5', { partition: 0, messages: [{ offset: '4' }, { offset: '6' }] });
  if (batch.fetchedOffset !== '5' || batch.lastOffset() !== '6' || batch.messages.length !== 1)
    throw unexpected('batch');
}

function inspectRequest({ versions, protocol }: Definition, expected: Protocol['request']): void {
  const { apiKey, apiVersion, apiName } = expected;
  if (!versions.includes(`${apiVersion}`)) throw unexpected(`${apiName} ${apiVersion}`);
  const { request, response } = protocol({ version: `${apiVersion}` })({ acks: -1, topics: [], topicData: [] });
  if (request.apiKey !== apiKey || request.apiVersion !== apiVersion || request.apiName !== apiName)
    throw unexpected(apiName);
  if (typeof response.decode !== 'function' || typeof response.parse !== 'function') throw unexpected(apiName);
}

const classes = {
  broker: ['fetch'],
  'network/connectionPool': ['getConnection', 'send'],
  'network/connection': ['isAuthenticated', 'authenticate', 'nextCorrelationId', 'failIfNotConnected'],
  'network/requestQueue': ['push', 'maybeThrottle'],
};

function unexpected(what: string): Error {
  return new Error(`this kafkajs is not the one that was looked into: ${what}`);
}
