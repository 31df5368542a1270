/** Every planted bug. */
import { consumingPlants } from './consuming.ts';
import { openingPlants } from './opening.ts';
import type { Plant } from './plant.ts';
import { readingPlants } from './reading.ts';
import { relayingPlants } from './relaying.ts';
import { settlingPlants } from './settling.ts';

export const plants: readonly Plant[] = [
  ...consumingPlants,
  ...settlingPlants,
  ...openingPlants,
  ...readingPlants,
  ...relayingPlants,
];
