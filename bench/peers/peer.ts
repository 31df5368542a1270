/** Something that takes transactions and may decide them: Verdict in one of its shapes, or what it is measured beside. */
import type { Target } from '../load/protocol.ts';
import type { Watched } from '../measure/processes.ts';
import type { BenchServices } from '../services.ts';

export const peerNames = [
  'standalone',
  'standalone-services',
  'roles',
  'textbook',
  'bullmq',
  'dbos',
  'unsafe',
  'bare-http',
  'koa-ajv',
  'koa-pg',
] as const;

export type PeerName = (typeof peerNames)[number];

/** A crowded machine is slow to start anything; what is measured begins afterwards. */
export const readyWithinMs = 90_000;

export type PeerOptions = {
  /** Unique to this start: names a database, topics and keys that nothing else uses. */
  readonly prefix: string;
  readonly services: () => Promise<BenchServices>;
  /** For Verdict's processes: `NODE_OPTIONS` and the like. */
  readonly env: Readonly<Record<string, string>>;
};

export type RunningPeer = AsyncDisposable & {
  readonly target: Target;
  readonly processes: readonly Watched[];
  /** Where each of its processes tells its metrics, by its name. */
  readonly metrics: Readonly<Record<string, string>>;
  /** What its database holds. Undefined where it keeps nothing. */
  readonly countRows: (() => Promise<Rows>) | undefined;
  /** What its processes complained of so far. */
  readonly complaints: () => readonly string[];
};

export type Rows = { readonly decided: number; readonly pending: number };

export type StartPeer = (options: PeerOptions) => Promise<RunningPeer>;
