/** Apache Kafka in KRaft mode, one Java process per broker; each formatted storage belongs to a cluster id that is new after every wipe. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasKafkaJars, kafkaClassPath } from './kafka-jars.ts';
import { brokerPorts } from './kafka-metadata.ts';
import { kafkaProperties } from './kafka-properties.ts';
import { missingPrograms, requireProgram } from './programs.ts';
import { runCommand } from './run-command.ts';
import type { Broker } from './directory.ts';
import type { Daemon, Service } from './service.ts';

const formatLimitMs = 60_000;

export function kafkaService(directory: string, brokers: readonly Broker[]): Service {
  return {
    name: 'kafka',
    directory,
    daemons: brokers.map((broker) => brokerDaemon(directory, broker)),
    missing: () =>
      missingPrograms([['java', 'default-jre-headless'], ...(hasKafkaJars() ? [] : [['mvn', 'maven'] as const])]),
    prepare: async () => {
      if (!existsSync(directory)) await format(directory, brokers);
    },
  };
}

function brokerDaemon(directory: string, broker: Broker): Daemon {
  return {
    name: `kafka-${broker.nodeId}`,
    port: broker.port,
    command: async () => ({
      program: await java(),
      args: [...(await javaOptions()), 'kafka.Kafka', propertiesFile(directory, broker)],
      cwd: directory,
    }),
    ask: async () => {
      if (!(await brokerPorts(broker.port)).includes(broker.port))
        throw new Error('the controller has not let the broker in yet');
    },
    stopSignal: 'SIGTERM',
  };
}

/** Formats every broker's storage in a folder that gets its name only when it is complete, so that a run cut short leaves nothing half-made. */
async function format(directory: string, brokers: readonly Broker[]): Promise<void> {
  const draft = `${directory}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const clusterId = newClusterId();
  const formatOne = async (broker: Broker): Promise<void> => {
    const storage = (root: string): string => kafkaProperties(broker, brokers, join(root, `broker-${broker.nodeId}`));
    await writeFile(propertiesFile(draft, broker), storage(draft));
    const args = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesFile(draft, broker)];
    await runCommand({ program: await java(), args: [...(await javaOptions()), ...args], cwd: draft }, formatLimitMs);
    await writeFile(propertiesFile(draft, broker), storage(directory));
  };
  await Promise.all(brokers.map(formatOne));
  await rename(draft, directory);
}

function propertiesFile(directory: string, broker: Broker): string {
  return join(directory, `broker-${broker.nodeId}.properties`);
}

/** 16 random bytes as Kafka writes them; one that begins with a dash would be read as an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

async function java(): Promise<string> {
  return requireProgram('java', 'default-jre-headless');
}

async function javaOptions(): Promise<readonly string[]> {
  return [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
    '-cp',
    await kafkaClassPath(),
  ];
}
