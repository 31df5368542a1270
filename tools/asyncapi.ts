/** Writes `asyncapi.yaml` from the schemas of the events; `test/streams/asyncapi.test.ts` fails while the file is behind them. */
import { readFile, writeFile } from 'node:fs/promises';

import { stringify } from 'yaml';

import { asyncApiDocument } from '../src/streams/asyncapi.ts';
import { topicNames } from '../src/streams/topics.ts';

const root = new URL('../', import.meta.url);

export async function renderAsyncApi(): Promise<string> {
  const { version }: { readonly version: string } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const note = '# Generated from src/streams/event-schemas.ts by `node tools/asyncapi.ts`.\n';
  return (
    note +
    stringify(asyncApiDocument(topicNames('verdict.'), version), { lineWidth: 120, aliasDuplicateObjects: false })
  );
}

if (import.meta.main) await writeFile(new URL('asyncapi.yaml', root), await renderAsyncApi());
