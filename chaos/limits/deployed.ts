/** Verdict as one process per role on services of its own, for one part; nothing of it is left when that is over. */
import { runVerdict } from '../../tools/run/verdict-process.ts';
import { freePorts } from '../../tools/services/free-port.ts';
import { startServices } from '../../tools/services/start-services.ts';
import type { Services } from '../../tools/services/start-services.ts';
import { Fleet } from '../fleet.ts';
import type { Recorder } from '../recorder.ts';
import { replicas, replicasOf, roles } from '../replicas.ts';
import type { ReplicaName } from '../replicas.ts';

export type Deployed = AsyncDisposable & {
  readonly services: Services;
  readonly fleet: Fleet;
  readonly databaseUrl: string;
  /** The same for good. */
  readonly doorUrl: string;
  readonly door: ReplicaName;
};

/** The only one of each role. */
export const deployedNames: readonly ReplicaName[] = roles.map((role) => replicasOf(role)[0]);

export async function deploy(recorder: Recorder, env: Readonly<Record<string, string>> = {}): Promise<Deployed> {
  await using starting = new AsyncDisposableStack();
  const services = starting.use(await startServices());
  const ports = await freePorts(replicas.length);
  const settings = { ...services.env, LOG_LEVEL: 'warn', ...env };
  await runVerdict({ role: 'migrate', env: settings });
  const portOf = (name: ReplicaName): number => ports[replicas.indexOf(name)] ?? 0;
  const fleet = starting.use(new Fleet({ recorder, envOf: () => settings, portOf }));
  await Promise.all(deployedNames.map((name) => fleet.start(name)));
  const [door] = replicasOf('front-door');
  const running = starting.move();
  return {
    ...{ services, fleet, door, doorUrl: fleet.urlOf(door), databaseUrl: services.env.DATABASE_URL },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
