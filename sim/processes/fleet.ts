/** All processes of a run: starts them, ends them, freezes them, and brings each back after a while with nothing in its memory. */
import type { Config } from '../../src/roles/config/schema.ts';
import type { Ruleset } from '../../src/rules/compile.ts';
import { Incarnation } from '../kernel/incarnation.ts';
import type { Random } from '../kernel/random.ts';
import type { Plant } from '../planted/plant.ts';
import { wrapApi, wrapPorts } from '../planted/plant.ts';
import type { LifeOptions, SimulatedRole } from './life.ts';
import { Life, isOfTheWorld } from './life.ts';
import type { Services } from './ports.ts';
import { portsOf } from './ports.ts';
import { sessionMs } from '../ports/consumer-group.ts';

export type ProcessPlan = { readonly name: string; readonly roles: readonly SimulatedRole[] };

export type FleetOptions = {
  readonly services: Services;
  readonly processes: readonly ProcessPlan[];
  readonly config: Config;
  readonly ruleset: Ruleset;
  readonly plant: Plant | undefined;
  readonly onLogLine: LifeOptions['onLogLine'];
};

type Place = { readonly plan: ProcessPlan; life: Life | undefined; lives: number };

export class Fleet {
  readonly #options: FleetOptions;
  readonly #places: readonly Place[];
  readonly #random: Random;
  /** How often each event was counted by lives that are over. */
  readonly counted = new Map<string, number>();
  /** Every life that ended other than gently. */
  crashes = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#random = options.services.world.random.fork('fleet');
    this.#places = options.processes.map((plan) => ({ plan, life: undefined, lives: 0 }));
    const { world } = options.services;
    world.kill = this.#kill;
    world.freeze = this.#freezeLong;
  }

  get lives(): readonly Life[] {
    return this.#places.flatMap(({ life }) => life ?? []);
  }

  startAll(): void {
    for (const place of this.#places) if (place.life === undefined) this.#start(place);
  }

  /** Those without whom nothing is decided. */
  get judges(): readonly string[] {
    return this.#places.filter(({ plan }) => plan.roles.includes('settlement')).map(({ plan }) => plan.name);
  }

  /** Doors that take requests now. */
  get doors(): readonly Life[] {
    return this.lives.filter((life) => life.door !== undefined);
  }

  crash(name: string): void {
    const place = this.#place(name);
    if (place.life !== undefined) this.#end(place, 'crash');
  }

  freeze(name: string, ms: number): void {
    const { world, broker } = this.#options.services;
    const incarnation = this.#place(name).life?.incarnation;
    if (incarnation === undefined) return;
    incarnation.freeze();
    world.history.note(name, 'frozen', [], `for ${ms.toFixed(0)} ms`);
    world.agenda.after(sessionMs + 1, () => {
      for (const group of broker.groups.values()) group.noticeSilence();
    });
    world.agenda.after(ms, () => this.#thaw(incarnation));
  }

  /** Asked to end, it finishes what it has in hand; one that does not is killed. */
  async stop(name: string): Promise<void> {
    const { world } = this.#options.services;
    const place = this.#place(name);
    const { life } = place;
    if (life === undefined || life.incarnation.frozen) return;
    world.history.note(name, 'asked to stop');
    let stopped = false;
    world.agenda.after(this.#options.config.shutdown.graceMs + 1_500, () => {
      if (!stopped && place.life === life) this.#end(place, 'killed: it did not stop in time');
    });
    try {
      await life.stop();
    } catch (error) {
      if (!isOfTheWorld(error)) world.violate('bug', `stopping ${name} threw ${describe(error)}`);
    }
    stopped = true;
    if (place.life !== life) return;
    world.sometimes('stopped-gently');
    this.#leave(place, 'stopped');
  }

  jumpClock(name: string, byMs: number): void {
    const life = this.#place(name).life;
    if (life === undefined) return;
    life.incarnation.skewMs += byMs;
    this.#options.services.world.history.note(name, 'wall clock jumps', [], `${byMs.toFixed(0)} ms`);
  }

  thawAll(): void {
    for (const { life } of this.#places) if (life !== undefined) this.#thaw(life.incarnation);
  }

  readonly #kill = (incarnation: Incarnation, why: string): void => {
    const place = this.#places.find(({ life }) => life?.incarnation === incarnation);
    if (place !== undefined) this.#end(place, why);
  };

  readonly #freezeLong = ({ place }: Incarnation): void => this.freeze(place, sessionMs * this.#random.between(1.2, 3));

  #thaw(incarnation: Incarnation): void {
    if (!incarnation.alive || !incarnation.frozen) return;
    this.#options.services.world.history.note(incarnation.name, 'thawed');
    incarnation.thaw();
  }

  #start(place: Place): void {
    const { services, config, ruleset, plant, onLogLine } = this.#options;
    const { world } = services;
    place.lives += 1;
    const incarnation = new Incarnation(place.plan.name, place.lives, world.agenda);
    world.history.note(incarnation.name, 'starts', [], place.plan.roles.join());
    const seam = { services, incarnation, roles: place.plan.roles };
    const ports = wrapPorts(plant, seam, portsOf(services, incarnation));
    const life = new Life({
      ...{ world, incarnation, config, ruleset, ports, onLogLine, roles: place.plan.roles },
      wrapApi: (api) => wrapApi(plant, seam, api),
      onFailure: (error) => {
        // No fault of the world is a reason to end: what the world does is ridden out.
        world.violate('I11', `${incarnation.name} ended by itself: ${describe(error)}`);
        if (place.life?.incarnation === incarnation) this.#end(place, `failed: ${String(error)}`);
      },
    });
    place.life = life;
  }

  #end(place: Place, why: string): void {
    this.crashes += 1;
    this.#leave(place, why);
  }

  #leave(place: Place, why: string): void {
    const { life } = place;
    if (life === undefined) return;
    const { world } = this.#options.services;
    world.history.note(life.incarnation.name, 'ends', [], why);
    for (const [event, count] of life.counted.transitions)
      this.counted.set(event, (this.counted.get(event) ?? 0) + count);
    place.life = undefined;
    life.incarnation.end();
    world.agenda.after(this.#random.between(50, 900), () => {
      if (place.life === undefined) this.#start(place);
    });
  }

  #place(name: string): Place {
    const place = this.#places.find(({ plan }) => plan.name === name);
    if (place === undefined) throw new Error(`there is no process ${name}`);
    return place;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack ?? ''}` : String(error);
}
