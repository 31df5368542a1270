/** One request over a network that may lose the way back: to a door that is there, or to one that has just died. */
import type { Life } from '../processes/life.ts';
import type { Fleet } from '../processes/fleet.ts';
import type { Answer, Request } from '../processes/fake-exchange.ts';
import { Outgoing } from '../processes/fake-exchange.ts';
import type { RouteName } from '../processes/door.ts';
import type { Random } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';

export type Network = { readonly world: World; readonly fleet: Fleet; readonly random: Random };

export const answerLimitMs = 6_000;

/** Undefined where no answer came: nobody knows what became of the request. */
export function exchange(network: Network, route: RouteName, request: Request): Promise<Answer | undefined> {
  const { world } = network;
  return new Promise((resolve) => {
    const life = pickDoor(network);
    if (life === undefined) {
      world.agenda.after(world.latencyMs(), () => resolve(undefined));
      return;
    }
    const response = new Outgoing(() => undefined);
    const end = (answer?: Answer): void => {
      late();
      forget();
      resolve(answer);
    };
    const late = world.agenda.after(answerLimitMs, () => {
      life.incarnation.after(world.latencyMs(), () => response.close());
      end();
    });
    const forget = life.incarnation.onEnd(() => world.agenda.after(world.latencyMs(), () => end()));
    world.agenda.after(world.latencyMs(), () => {
      life.incarnation.after(0, () => serve(network, { life, route, request, response, end }));
    });
  });
}

export function pickDoor({ fleet, random }: Network): Life | undefined {
  const { doors } = fleet;
  return doors.length === 0 ? undefined : random.pick(doors);
}

type Serving = {
  readonly life: Life;
  readonly route: RouteName;
  readonly request: Request;
  readonly response: Outgoing;
  readonly end: (answer?: Answer) => void;
};

function serve({ world }: Network, { life, route, request, response, end }: Serving): void {
  const { door } = life;
  if (door === undefined) return end();
  door.answer(route, request, response).then(
    (answer) => {
      const lost = world.struck('lost-response', life.incarnation);
      world.agenda.after(world.latencyMs(), () => end(lost ? undefined : answer));
    },
    (error: unknown) => world.violate('bug', `${route} threw ${String(error)}`),
  );
}
