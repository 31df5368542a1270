/** `node bench/profile.ts <directory> <results.jsonl>`: where the CPU of each profiled process went while it was measured, by function and by file. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

type CallFrame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };
type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};
type Window = readonly [from: number, to: number];

const shownFunctions = 25;
const shownFiles = 15;

const [directory = '', results = ''] = process.argv.slice(2);
const windows = (await readFile(results, 'utf8'))
  .trim()
  .split('\n')
  .flatMap((line): Window[] => {
    const { turn }: { readonly turn?: { readonly window: Window } } = JSON.parse(line);
    return turn === undefined ? [] : [turn.window];
  });
for (const file of (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile')).toSorted()) {
  const profile: Profile = JSON.parse(await readFile(join(directory, file), 'utf8'));
  report(file, profile, windows);
}

function report(file: string, profile: Profile, windows: readonly Window[]): void {
  const micros = selfMicros(profile, windows);
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  let busy = 0;
  for (const [id, own] of micros) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    busy += own;
    const place = placeOf(frame);
    add(byFunction, `${frame.functionName || '(anonymous)'}  ${place}:${frame.lineNumber + 1}`, own);
    add(byFile, place, own);
  }
  if (busy === 0) return;
  console.log(`\n${file}: busy ${(busy / 1e6).toFixed(2)} s of the window; outermost: ${mainOf(profile)}`);
  show(byFunction, busy, shownFunctions);
  console.log('  by file');
  show(byFile, busy, shownFiles);
}

function selfMicros(profile: Profile, windows: readonly Window[]): ReadonlyMap<number, number> {
  const micros = new Map<number, number>();
  let at = profile.startTime;
  profile.samples.forEach((id, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    if (windows.some(([from, to]) => at >= from && at <= to)) micros.set(id, (micros.get(id) ?? 0) + delta);
  });
  return micros;
}

/** `kafkajs/src/…` for packages, `src/…` for ours, `node:…` for Node. */
function placeOf({ url }: CallFrame): string {
  const inPackage = url.split('/node_modules/').at(-1) ?? '';
  if (inPackage !== url) return inPackage;
  return /\/(src\/.*)$/.exec(url)?.[1] ?? url;
}

/** Which role it was, as far as its own files tell. */
function mainOf({ nodes }: Profile): string {
  const roles = ['screen.ts', 'settle.ts', 'relay.ts', 'front-door-api.ts'];
  return roles.filter((role) => nodes.some(({ callFrame }) => callFrame.url.endsWith(`/${role}`))).join(' ');
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function show(sums: ReadonlyMap<string, number>, whole: number, max: number): void {
  const rows = [...sums].toSorted(([, left], [, right]) => right - left).slice(0, max);
  for (const [name, value] of rows) console.log(`  ${((100 * value) / whole).toFixed(1).padStart(5)} %  ${name}`);
}
