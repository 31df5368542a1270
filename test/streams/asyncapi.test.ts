/** The description of the events is generated, up to date, and valid AsyncAPI. */
import { readFile } from 'node:fs/promises';

import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';

import { renderAsyncApi } from '../../tools/asyncapi.ts';
import { asyncApiDocument } from '../../src/streams/asyncapi.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { suite } from '../support/suite.ts';

const test = suite('AsyncAPI');
const file = new URL('../../asyncapi.yaml', import.meta.url);

test('asyncapi.yaml is what the schemas say', async () => {
  assert.is(await readFile(file, 'utf8'), await renderAsyncApi(), 'run `node tools/asyncapi.ts`');
});

test('it is valid by the specification’s own schema, and a broken one is not', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const schema: Record<string, unknown> = { ...specs.schemasWithoutId['3.0.0'] };
  const validate = ajv.compile(schema);
  const document: unknown = parse(await readFile(file, 'utf8'));
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 5)));
  assert.not(validate({ ...asyncApiDocument(topicNames('verdict.'), '1.0.0'), channels: { a: { address: 5 } } }));
});

test('every reference leads somewhere', () => {
  const document = asyncApiDocument(topicNames('other.'), '1.0.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
  assert.ok(references.length >= 8);
  for (const path of references) {
    let place: unknown = document;
    for (const step of path.split('/')) place = Object(place)[step];
    assert.type(place, 'object', path);
  }
});

test.run();
