/** I10: looks now and then whether what has a bound keeps it. */
import type { Config } from '../../src/roles/config/schema.ts';
import type { World } from '../kernel/world.ts';
import type { Fleet } from '../processes/fleet.ts';

const everyMs = 311;

export function watchBounds(world: World, { fleet, config }: { readonly fleet: Fleet; readonly config: Config }): void {
  const look = (): void => {
    for (const { actors, counted, incarnation } of fleet.lives) {
      if (actors > config.actors.directoryMax) world.violate('I10', `${incarnation.name} holds ${actors} actors`);
      const announcing = counted.announcing();
      if (typeof announcing === 'number' && announcing > config.announce.queueMax)
        world.violate('I10', `${incarnation.name} has ${announcing} announcements waiting`);
    }
    world.agenda.after(everyMs, look);
  };
  world.agenda.after(everyMs, look);
}
