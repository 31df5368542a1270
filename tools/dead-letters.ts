/** `npm run dead-letters -- list|show|re-drive|discard …`: speaks to a running Verdict about what was set aside. A walk that was cut off may be started again: what is done is passed over. */
import { readArguments, usage } from './dead-letters/arguments.ts';
import type { Asked } from './dead-letters/arguments.ts';
import { act, list, show } from './dead-letters/commands.ts';
import { DeadLetterClient } from './dead-letters/dead-letter-client.ts';

const asked = readArguments(process.argv.slice(2), process.env);
if ('problem' in asked) {
  console.error(`${asked.problem}\n\n${usage}`);
  process.exitCode = 64;
} else {
  try {
    process.exitCode = await carryOut(asked);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function carryOut({ command, url, key, ...rest }: Asked): Promise<number> {
  const client = new DeadLetterClient(url, key);
  switch (command) {
    case 'list':
      return list(client, rest);
    case 'show':
      return show(client, rest);
    case 're-drive':
    case 'discard':
      return act(client, command, rest);
  }
}
