/** What a run has shown, for people and for programs: violations with their story, faults by kind, and how long each kind was felt against its bar. */
import { availableParallelism } from 'node:os';
import type { Fault } from './arena.ts';
import type { Finding, Verdict } from './checker/check.ts';
import type { FaultRecord } from './schedule.ts';

export type RunReport = {
  readonly seed: number;
  readonly minutes: number;
  readonly accepted: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly streams: { readonly subscribers: number; readonly connections: number; readonly frames: number };
  readonly planted: number;
  /** How much of each kind of evidence was checked: a clause that had nothing to look at has shown nothing. */
  readonly evidence: Readonly<Record<string, number>>;
  readonly convergedMs: number | null;
  /** The machine's load averages at the end: what recovery times are worth depends on who else wanted the processors. */
  readonly busy: readonly number[];
  readonly faults: readonly FaultRecord[];
  readonly kinds: readonly KindReport[];
  readonly leftOut: readonly string[];
  readonly violations: number;
  readonly findings: readonly Finding[];
  readonly checkedMs: number;
};

export type KindReport = {
  readonly kind: string;
  readonly times: number;
  readonly mended: number;
  readonly bar: { readonly says: string; readonly maxMs: number } | null;
  /** Of those that struck alone. */
  readonly recoveriesMs: readonly number[];
  readonly missed: number;
};

/** A bar of 0 is one of "never stops": half a second is given to the measurement. */
const toleranceMs = 500;

export function kindReports(faults: readonly Fault[], records: readonly FaultRecord[]): readonly KindReport[] {
  return faults.map(({ kind, bar }) => {
    const mine = records.filter((record) => record.kind === kind);
    const recoveriesMs = mine.flatMap(({ recoveryMs }) => recoveryMs ?? []);
    return {
      ...{ kind, times: mine.length, mended: mine.filter(({ mended }) => mended !== undefined).length },
      bar: bar === undefined ? null : { says: bar.says, maxMs: bar.maxMs },
      recoveriesMs,
      missed: bar === undefined ? 0 : recoveriesMs.filter((ms) => ms > bar.maxMs + toleranceMs).length,
    };
  });
}

/** `A accepted, F faults of K kinds, V violations` */
export function lastLine({
  accepted,
  faults,
  violations,
}: Pick<RunReport, 'accepted' | 'faults' | 'violations'>): string {
  return `${accepted} accepted, ${faults.length} faults of ${new Set(faults.map(({ kind }) => kind)).size} kinds, ${violations} violations`;
}

export function countOf(verdict: Verdict): Pick<RunReport, 'violations' | 'findings' | 'checkedMs'> {
  return { violations: verdict.violations.length, findings: verdict.findings, checkedMs: verdict.tookMs };
}

export function toMarkdown(report: RunReport): string {
  const { seed, minutes, statuses, streams, planted, convergedMs, leftOut, checkedMs, requests } = report;
  return [
    `# Chaos, seed ${seed}, ${minutes} minutes`,
    lastLine(report),
    `${requests} requests (${Object.entries(statuses)
      .map(([status, count]) => `${status === '0' ? 'no answer' : status}: ${count}`)
      .join(', ')}); ` +
      `${streams.subscribers} subscribers over ${streams.connections} connections saw ${streams.frames} frames; ${planted} records of poison.`,
    `All terminal, relayed and drained ${convergedMs === null ? 'not in time' : `${(convergedMs / 1000).toFixed(1)} s after the last fault`}. Checked in ${checkedMs} ms. ${availableParallelism()} processors, load averages ${report.busy.map((each) => each.toFixed(1)).join(', ')}.`,
    `Checked: ${Object.entries(report.evidence)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}.`,
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}.`]),
    `## Violations`,
    ...(report.findings.length === 0 ? ['None.'] : report.findings.map(tellFinding)),
    `## Recovery`,
    recoveryTable(report.kinds),
    '',
  ].join('\n\n');
}

/** What a document tells of a run: how much it was, and how long each kind of fault was felt. */
export function recoverySection(report: RunReport): string {
  const { seed, minutes, requests, streams, planted, busy } = report;
  const load = busy.map((each) => each.toFixed(1)).join(', ');
  return [
    `\`npm run chaos -- --minutes ${minutes} --seed ${seed}\`: ${lastLine(report)}. ${requests} requests, ${streams.subscribers} subscribers over ${streams.connections} connections with ${streams.frames} frames, ` +
      `${planted} records of poison; ${availableParallelism()} processors, load averages ${load}.`,
    recoveryTable(report.kinds),
  ].join('\n\n');
}

function recoveryTable(kinds: readonly KindReport[]): string {
  const lines = kinds.map(({ kind, times, mended, bar, recoveriesMs, missed }) => {
    const sorted = recoveriesMs.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    const cells = [
      kind,
      times,
      mended === 0 ? '' : mended,
      recoveriesMs.length,
      seconds(median),
      seconds(sorted.at(-1)),
      bar?.says ?? 'none',
    ];
    return `| ${[...cells, bar === null || recoveriesMs.length === 0 ? '' : missed === 0 ? 'met' : `missed ${missed} times`].join(' | ')} |`;
  });
  return [
    '| fault | times | mended by the watchdog | alone | median | worst | bar | |',
    '|---|--:|--:|--:|--:|--:|---|---|',
    ...lines,
  ].join('\n');
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '' : Number.isFinite(ms) ? `${(ms / 1000).toFixed(1)} s` : 'never';
}

function tellFinding({ clause, what, witness, timeline }: Finding): string {
  return [`**${clause}**: ${what}: ${witness}`, ...(timeline.length === 0 ? [] : ['```', ...timeline, '```'])].join(
    '\n',
  );
}
