/** A run in which nothing is wrong, written by hand: two clients, a repeat, another body under a used key, poison, a wipe of the log, a stream. Tests break it in one place. */
import * as assert from 'uvu/assert';
import { clauses } from '../../../chaos/checker/check.ts';
import { idOf } from '../../../chaos/checker/cursor-id.ts';
import type {
  ClientRequest,
  Entry,
  Evidence,
  LogRecord,
  Planted,
  Row,
  SeenFrame,
} from '../../../chaos/checker/evidence.ts';
import { known } from '../../../chaos/checker/known.ts';

export const journalName = 'abcdefabcdef';
export const account = '99999999-9999-4999-8999-999999999999';
const otherAccount = '88888888-8888-4888-8888-888888888888';
const startMs = 1_000_000;

/** Milliseconds between one transaction and the next. */
const stepMs = 100;

/** The log is wiped before the last transactions: the second half of them stands on the new one. */
export function goodRun(count = 4): Evidence {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const wipedAtMs = startMs + (count / 2) * stepMs - stepMs / 2;
  const journal = indexes.flatMap(entriesOf);
  const halves = [indexes.slice(0, count / 2), indexes.slice(count / 2)];
  return {
    requests: indexes.flatMap(requestsOf),
    rows: indexes.map(rowOf),
    journal,
    epochs: halves.map((half, number) => ({
      number,
      startMs: number === 0 ? startMs - stepMs : wipedAtMs,
      records: [...half.flatMap(recordsOf), ...(number === 1 ? poisoned(half.length) : [])],
    })),
    samples: halves.flatMap((half, epoch) => samplesOf(half.length, epoch)),
    transcripts: ['acme', 'zeta'].map((client) => ({
      ...{ name: `${client}-all`, client, statuses: null, account: null, refusals: [], connections: 3 },
      firstId: idOf(journalName, { xid: 1, position: 0 }),
      lastId: idOf(journalName, journal.at(-1) ?? { xid: 0, position: 0 }),
      frames: journal.filter(({ transactionId }) => clientOf(indexOf(transactionId)) === client).map(frameOf),
    })),
    exits: [
      { name: 'relay-1', atMs: startMs, code: null, signal: 'SIGKILL', asked: 'SIGKILL', tookMs: 10 },
      { name: 'front-door-1', atMs: startMs, code: 0, signal: null, asked: 'SIGTERM', tookMs: 300 },
    ],
    planted: [plantedRecord],
    wipes: [{ what: 'kafka', atMs: wipedAtMs }],
    written: [{ where: 'output of relay-1', text: '{"level":30,"msg":"active"}' }],
    secrets: [account, otherAccount, 'a-secret-of-thirty-two-characters'],
    calm: { opened: { metrics: 20, rows: 20 }, settled: { metrics: 20, rows: 20 }, atRest: { relay_stragglers: 0 } },
  };
}

export const plantedRecord: Planted = { chaosId: 'poison-1', topic: 'transactions', cause: 'bad_json', digest: 'bad' };

/** What a clause says of a run. */
export function saidOf(name: keyof typeof clauses, evidence: Evidence): readonly string[] {
  const clause = clauses[name];
  if (clause === undefined) throw new Error(`there is no clause ${name}`);
  return [...clause(known(evidence))].map(({ what }) => what);
}

/** The clause says so of the run, and nothing of the one that is good. */
export function assertCaught(name: keyof typeof clauses, bad: Evidence, what: string): void {
  assert.equal(saidOf(name, goodRun()), []);
  const said = saidOf(name, bad);
  assert.ok(
    said.some((each) => each.includes(what)),
    `said ${JSON.stringify(said)}, not ${what}`,
  );
}

export function idAt(index: number): string {
  return `00000000-0000-7000-8000-${index.toString().padStart(12, '0')}`;
}

export function clientOf(index: number): string {
  return index % 2 === 0 ? 'acme' : 'zeta';
}

/** Replaces the ones that it is meant for. */
export function changed<T>(
  all: readonly T[],
  isMeant: (one: T, index: number) => boolean,
  change: Partial<T>,
): readonly T[] {
  return all.map((one, index) => (isMeant(one, index) ? { ...one, ...change } : one));
}

export function answer(index: number, status: string): string {
  return `{"transactionExternalId":"${idAt(index)}","transactionType":{"name":"TRANSFER"},"transactionStatus":{"name":"${status}"},"value":12.50}`;
}

export function bodyOf(value: number): string {
  return JSON.stringify({
    accountExternalIdDebit: account,
    accountExternalIdCredit: otherAccount,
    tranferTypeId: 1,
    value,
  });
}

export function atMs(index: number): number {
  return startMs + index * stepMs;
}

function requestsOf(index: number): readonly ClientRequest[] {
  const [client, at] = [clientOf(index), atMs(index)];
  const common = { client, door: 'front-door-1' };
  const post = {
    ...common,
    method: 'POST',
    key: `key-${index}`,
    body: bodyOf(12.5),
    status: 201,
    location: `/transactions/${idAt(index)}`,
  } as const;
  return [
    { ...post, startMs: at, endMs: at + 10, text: answer(index, 'PENDING'), replayed: false },
    { ...post, startMs: at + 20, endMs: at + 25, text: answer(index, 'PENDING'), replayed: true },
    {
      ...post,
      startMs: at + 26,
      endMs: at + 27,
      status: 422,
      body: bodyOf(13),
      text: '{"type":"urn:verdict:problem:idempotency-key-reused"}',
      replayed: false,
    },
    {
      ...common,
      method: 'GET',
      id: idAt(index),
      startMs: at + 40,
      endMs: at + 45,
      status: 200,
      text: answer(index, 'APPROVED'),
    },
    {
      client: clientOf(index + 1),
      door: 'front-door-2',
      method: 'GET',
      id: idAt(index),
      startMs: at + 40,
      endMs: at + 45,
      status: 404,
      text: '{}',
    },
  ];
}

const decision = { outcome: 'APPROVED', reasons: [], decidedBy: 'RULES' };

function rowOf(index: number): Row {
  return {
    ...{
      id: idAt(index),
      client: clientOf(index),
      key: `key-${index}`,
      status: 'APPROVED',
      version: 2,
      debit: account,
      credit: otherAccount,
    },
    ...{ typeId: 1, amountMinor: 1250, digits: 2, decideByMs: atMs(index) + 600_000, decision },
  };
}

function entriesOf(index: number): readonly Entry[] {
  const entry = { transactionId: idAt(index), position: 1 };
  return [
    {
      ...entry,
      xid: 10 + 2 * index,
      version: 1,
      type: 'TransactionOpened',
      decision: null,
      recordedAtMs: atMs(index) + 5,
    },
    {
      ...entry,
      xid: 11 + 2 * index,
      version: 2,
      type: 'TransactionApproved',
      decision,
      recordedAtMs: atMs(index) + 30,
    },
  ];
}

function frameOf(entry: Entry): SeenFrame {
  const [event, status] =
    entry.version === 1 ? ['transaction.opened', 'PENDING'] : ['transaction.approved', 'APPROVED'];
  return {
    id: idOf(journalName, entry),
    event,
    transactionId: entry.transactionId,
    status,
    atMs: entry.recordedAtMs + 5,
  };
}

function recordsOf(index: number, place: number): readonly LogRecord[] {
  const id = idAt(index);
  const record = { partition: 0, offset: place, key: id };
  const [opened, made, settled] = [`${id}/opened/0`, `${id}/decision/0`, `${id}/settled/2`].map((ce_id) => ({
    ce_id,
    ce_subject: id,
  }));
  return [
    { ...record, topic: 'transactions', headers: opened ?? {}, digest: `${index}-1`, text: '{}' },
    { ...record, topic: 'decisions', headers: made ?? {}, digest: `${index}-2`, text: '{"outcome":"APPROVED"}' },
    { ...record, topic: 'settlements', headers: settled ?? {}, digest: `${index}-3`, text: '{}' },
  ];
}

function poisoned(offset: number): readonly LogRecord[] {
  const headers = { 'chaos-id': 'poison-1', ce_id: 'odd' };
  const dead = {
    'verdict-dead-partition': '0',
    'verdict-dead-offset': `${offset}`,
    'verdict-dead-cause': 'bad_json',
    'verdict-dead-attempts': '1',
  };
  const record = { partition: 0, key: 'k', digest: 'bad', text: null };
  return [
    { ...record, topic: 'transactions', offset, headers },
    { ...record, topic: 'transactions.dead', offset: 0, headers: { ...headers, ...dead } },
  ];
}

function samplesOf(count: number, epoch: number): Evidence['samples'] {
  const poison = epoch;
  const ends = { transactions: [count + poison], decisions: [count], 'transactions.dead': [poison] };
  const sample = { epoch, atMs: atMs(1_000_000), ends };
  return [
    { ...sample, group: 'anti-fraud', committed: [count + poison] },
    { ...sample, group: 'settlement', committed: [count] },
  ];
}

function indexOf(id: string): number {
  return Number(id.slice(-12));
}
