/** What the launcher knows of a service: where its data lies, which processes it is made of, and how each is asked whether it answers. */
export const serviceNames = ['kafka', 'redis', 'postgres'] as const;

export type ServiceName = (typeof serviceNames)[number];

/** A service, or one broker of Kafka by its node id. */
export type ServiceTarget = ServiceName | `kafka-${number}`;

/** Named as the programs that connect expect to find them in their environment. */
export type ServiceUrls = {
  readonly DATABASE_URL: string;
  readonly KAFKA_BROKERS: string;
  readonly REDIS_URL: string;
};

export type User = { readonly name: string; readonly uid: number; readonly gid: number };

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user?: User | undefined;
};

/** One long-running process of a service. */
export type Daemon = {
  readonly name: string;
  readonly port: number;
  readonly command: () => Promise<Command>;
  /** Asks for something small that only a working service can answer, and rejects while it cannot. */
  readonly ask: () => Promise<void>;
  /** The signal that makes it end in good order, without waiting for its clients. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** A file by which the program keeps a second one out; deleted after a kill, when nothing of the first is left. */
  readonly lockFile?: string;
};

/** A service whose whole state lies under `directory`: deleting that while nothing runs, and preparing again, makes it empty. */
export interface Service {
  readonly name: ServiceName;
  readonly directory: string;
  readonly daemons: readonly Daemon[];
  /** One line per missing program, saying how to get it. */
  missing(): Promise<readonly string[]>;
  /** Makes the files that the first start needs; does nothing when they are there. */
  prepare(): Promise<void>;
  /** Empties a running service, where it can do that itself. */
  readonly flush?: () => Promise<void>;
}

export function isServiceName(text: string): text is ServiceName {
  return serviceNames.some((name) => name === text);
}

export function isServiceTarget(text: string): text is ServiceTarget {
  return isServiceName(text) || /^kafka-[1-9]$/.test(text);
}
