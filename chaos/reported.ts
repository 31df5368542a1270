/** Makes the report of a run that is over: reads what it left behind, has it checked, and writes both faces of the report beside it. */
import { loadavg } from 'node:os';
import type { Fault } from './arena.ts';
import { check } from './checker/check.ts';
import type { Evidence } from './checker/evidence.ts';
import { readRun } from './checker/read-run.ts';
import { Recorder } from './recorder.ts';
import { countOf, kindReports, toMarkdown } from './report.ts';
import type { RunReport } from './report.ts';
import type { FaultRecord } from './schedule.ts';

export type Outcome = {
  readonly directory: string;
  readonly seed: number;
  readonly minutes: number;
  readonly records: readonly FaultRecord[];
  readonly kinds: readonly Fault[];
  readonly convergedMs: number;
  readonly leftOut: readonly string[];
};

export async function reported(outcome: Outcome): Promise<RunReport> {
  const { directory, seed, minutes, records, kinds, convergedMs, leftOut } = outcome;
  const evidence = await readRun(directory);
  const { requests, transcripts, planted } = evidence;
  const opened = new Set(
    requests.filter(({ method, status }) => method === 'POST' && status === 201).map(({ location }) => location),
  );
  const statuses = Object.entries(
    Object.groupBy(requests, ({ method, status }) => `${status === 0 ? 'no answer to' : status} ${method}`),
  );
  const report: RunReport = {
    ...{ seed, minutes, accepted: opened.size, requests: requests.length, planted: planted.length, leftOut },
    evidence: countsOf(evidence),
    statuses: Object.fromEntries(statuses.map(([name, all = []]) => [name, all.length])),
    streams: {
      subscribers: transcripts.length,
      connections: transcripts.reduce((sum, { connections }) => sum + connections, 0),
      frames: transcripts.reduce((sum, { frames }) => sum + frames.length, 0),
    },
    convergedMs: Number.isFinite(convergedMs) ? convergedMs : null,
    busy: loadavg(),
    faults: records,
    kinds: kindReports(kinds, records),
    ...countOf(check(evidence)),
  };
  const written = new Recorder(directory);
  written.write('report.json', report);
  written.write('report.md', toMarkdown(report));
  return report;
}

function countsOf({ rows, journal, epochs, samples, exits, wipes, written }: Evidence): RunReport['evidence'] {
  return {
    ...{ rows: rows.length, 'journal entries': journal.length, logs: epochs.length, wipes: wipes.length },
    'log records': epochs.reduce((sum, { records }) => sum + records.length, 0),
    'dead letters': epochs.reduce(
      (sum, { records }) => sum + records.filter(({ topic }) => topic.endsWith('.dead')).length,
      0,
    ),
    ...{
      'samples of offsets': samples.length,
      'ends of processes': exits.length,
      'outputs of processes': written.length,
    },
  };
}
