/** What the simulator is asked to do. */
import { parseArgs } from 'node:util';

import type { FaultKind } from './faults/fault-kinds.ts';
import { faultKinds, isFaultKind } from './faults/fault-kinds.ts';
import type { Plant } from './planted/plant.ts';
import { plants } from './planted/plants.ts';

export type Command = {
  /** The first seed, and how many from there on. */
  readonly seed: number;
  readonly seeds: number;
  readonly faults: readonly FaultKind[];
  readonly verbose: boolean;
  readonly shrink: boolean;
  readonly planted: readonly Plant[];
  /** Where the table of planted bugs is written. */
  readonly table: string | undefined;
};

export const usage = `npm run sim -- [--seed N] [--seeds M] [--faults a,b | none] [--verbose] [--no-shrink] [--planted all|name,…] [--table file]

  --seed N       the first seed (1)
  --seeds M      how many seeds (2000; 1 where only --seed is given)
  --faults a,b   only these faults: ${faultKinds.join(', ')}
  --verbose      print the timeline of each run and its hash
  --no-shrink    do not look for the fewest faults of a failing seed
  --planted all  check the checker: every planted bug must be caught within the seeds
  --table file   write the table of planted bugs there`;

/** Text where the arguments make no sense. */
export function parseCommand(argv: readonly string[]): Command | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        seed: { type: 'string' },
        seeds: { type: 'string' },
        faults: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        shrink: { type: 'boolean', default: true },
        planted: { type: 'string' },
        table: { type: 'string' },
      },
      allowNegative: true,
    });
    const seeds = values.seeds ?? (values.seed === undefined ? '2000' : '1');
    return {
      seed: wholeNumber('--seed', values.seed ?? '1'),
      seeds: wholeNumber('--seeds', seeds),
      faults: readFaults(values.faults),
      verbose: values.verbose,
      shrink: values.shrink,
      planted: readPlants(values.planted),
      table: values.table,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}`);
  return Number(text);
}

function readFaults(text: string | undefined): readonly FaultKind[] {
  if (text === undefined) return faultKinds;
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    if (!isFaultKind(name)) throw new Error(`there is no fault ${name}`);
    return name;
  });
}

function readPlants(text: string | undefined): readonly Plant[] {
  if (text === undefined) return [];
  if (text === 'all') return plants;
  return text.split(',').map((name) => {
    const plant = plants.find((each) => each.name === name);
    if (plant === undefined) throw new Error(`there is no planted bug ${name}`);
    return plant;
  });
}
