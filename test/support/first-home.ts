/** A data directory as the first start leaves it, made once on a machine for each schema and copied for each test: making it takes most of the time of most flows. */
import { createHash } from 'node:crypto';
import { access, cp, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { startVerdict } from '../../tools/run/verdict-process.ts';

export const startLimitMs = 90_000;

const migrations = new URL('../../src/persistence/migrations/', import.meta.url);

export async function copyFirstHome(directory: string): Promise<void> {
  const template = join(tmpdir(), `verdict-first-home-${userInfo().uid}-${await schemaHash()}`);
  if (!(await exists(template))) await make(template);
  await cp(template, directory, { recursive: true });
}

/** Others may be making it, too: the first one that is whole stays. */
async function make(template: string): Promise<void> {
  const draft = await mkdtemp(`${template}-`);
  const verdict = await startVerdict({ env: { VERDICT_DATA_DIR: draft }, readyWithinMs: startLimitMs });
  const code = await verdict.stop('SIGTERM');
  if (code !== 0) throw new Error(`the first start ended with ${code}\n${verdict.output()}`);
  try {
    await rename(draft, template);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(template))) throw error;
  }
}

async function schemaHash(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(new URL('../../package-lock.json', import.meta.url)));
  for (const file of (await readdir(migrations)).toSorted()) hash.update(await readFile(new URL(file, migrations)));
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
