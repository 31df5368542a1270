/** Reads what an open loop has written down: the key of each request, and the key and id of each 201. */
import { readFile } from 'node:fs/promises';

export type Posted = {
  readonly keys: readonly string[];
  readonly opened: readonly { readonly key: string; readonly id: string }[];
};

export async function readPosted(path: string): Promise<Posted> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const words = lines.map((line) => line.split(' '));
  return {
    keys: [...new Set(words.map(([key = '']) => key))],
    opened: words.flatMap(([key = '', id]) => (id === undefined ? [] : [{ key, id }])),
  };
}
