/** Reads a run's directory: JSON lines for what is many, JSON for what is one, and every process's output. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence, LogEpoch, LogRecord, Written } from './evidence.ts';

/** The files of a run; whoever records writes them under these names. */
export const files = {
  requests: 'requests.jsonl',
  rows: 'rows.jsonl',
  journal: 'journal.jsonl',
  epochs: 'epochs.jsonl',
  samples: 'offsets.jsonl',
  transcripts: 'transcripts.jsonl',
  exits: 'exits.jsonl',
  planted: 'planted.jsonl',
  wipes: 'wipes.jsonl',
  faults: 'faults.jsonl',
  secrets: 'secrets.json',
  calm: 'calm.json',
  output: 'output',
} as const;

/** The records of a log, by the number of the wipes before it. */
export function recordsFile(epoch: number): string {
  return `log-${epoch}.jsonl`;
}

export async function readRun(directory: string): Promise<Evidence> {
  const lines = <T>(file: string): Promise<readonly T[]> => readLines<T>(join(directory, file));
  return {
    requests: await lines(files.requests),
    rows: await lines(files.rows),
    journal: await lines(files.journal),
    epochs: await readEpochs(directory),
    samples: await lines(files.samples),
    transcripts: await lines(files.transcripts),
    exits: await lines(files.exits),
    planted: await lines(files.planted),
    wipes: await lines(files.wipes),
    written: await readOutput(join(directory, files.output)),
    secrets: (await readJson<readonly string[]>(join(directory, files.secrets))) ?? [],
    calm: await readJson<NonNullable<Evidence['calm']>>(join(directory, files.calm)),
  };
}

async function readEpochs(directory: string): Promise<readonly LogEpoch[]> {
  const epochs = await readLines<Omit<LogEpoch, 'records'>>(join(directory, files.epochs));
  return Promise.all(
    epochs.map(async (epoch) => ({
      ...epoch,
      records: await readLines<LogRecord>(join(directory, recordsFile(epoch.number))),
    })),
  );
}

/** Nothing where there is no such file: a run that was cut short is checked as far as it goes. */
export async function readLines<T>(path: string): Promise<readonly T[]> {
  const text = (await readText(path)) ?? '';
  return text.split('\n').flatMap((line): T[] => (line === '' ? [] : [JSON.parse(line)]));
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const value: T = JSON.parse(text);
  return value;
}

async function readOutput(directory: string): Promise<readonly Written[]> {
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names.map(async (name) => ({ where: `output of ${name}`, text: await readFile(join(directory, name), 'utf8') })),
  );
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
