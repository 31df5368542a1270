/** The simulator: runs seeds, or checks that its own checks would notice. Exit code 0 where nothing was wrong, 1 where something was, 2 for arguments that make no sense. */
import { writeFile } from 'node:fs/promises';

import { parseCommand, usage } from './command-line.ts';
import type { Command } from './command-line.ts';
import { runCampaign } from './run/campaign.ts';
import { tableOf, tryPlants } from './run/try-plants.ts';

const command = parseCommand(process.argv.slice(2));
if (typeof command === 'string') {
  console.error(`${command}\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = (await (command.planted.length > 0 ? checkTheChecks(command) : runCampaign(command))) ? 0 : 1;
}

async function checkTheChecks(asked: Command): Promise<boolean> {
  const tries = await tryPlants(asked, (line) => console.log(line));
  const caught = tries.filter(({ by }) => by !== undefined).length;
  if (asked.table !== undefined) await writeFile(asked.table, tableOf(tries, asked.seeds));
  console.log(`${caught} of ${tries.length} planted bugs caught`);
  return caught === tries.length;
}
