/** Apache Kafka's jars, fetched once per user into a cache outside of the tree; runs at the same time cannot spoil each other's copy. */
import { existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireProgram } from './programs.ts';
import { runCommand } from './run-command.ts';

const version = '4.3.1';
const fetchLimitMs = 300_000;

export function hasKafkaJars(): boolean {
  return existsSync(cache());
}

/** The class path of Kafka, whole or not there at all: the copy is made beside the cache and moved into place in one step. */
export async function kafkaClassPath(): Promise<string> {
  if (!hasKafkaJars()) await fetchJars();
  return join(cache(), '*');
}

async function fetchJars(): Promise<void> {
  const maven = await requireProgram('mvn', 'maven');
  await mkdir(dirname(cache()), { recursive: true });
  const copy = await mkdtemp(`${cache()}.`);
  try {
    const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
    const args = [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${copy}`,
    ];
    await runCommand({ program: maven, args, cwd: copy }, fetchLimitMs);
    await access(join(copy, `kafka_2.13-${version}.jar`));
    await rename(copy, cache()).catch(async (error: unknown) => {
      if (!hasKafkaJars()) throw error; // otherwise another run was faster, and its copy is as good
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function cache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'verdict', `kafka-${version}`);
}
