/**
 * An open loop: requests leave when they are due, whatever became of those before. Each takes a kept-alive socket that waits for nothing; when a request is due and every
 * socket waits, it is counted as withheld, which bounds what is in flight by the number of sockets.
 */
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';

import { Connection } from '../../../bench/load/connection.ts';
import { latenciesOf } from '../../../bench/load/latencies.ts';
import { requestMaker } from '../../../bench/load/requests.ts';
import { eventually, sleep } from '../../wait.ts';
import type { Offered, Question } from './protocol.ts';
import { Timetable } from './timetable.ts';

type Offer = Omit<Extract<Question, { type: 'offer' }>, 'type'>;

const openAtOnce = 200;
const tickMs = 1;
/** A server that is away is asked for a new connection no more often, for each socket. */
const reopenMs = 200;

class Tally {
  readonly answers: Record<string, number> = {};
  readonly createdMs: number[] = [];
  readonly refusedMs: number[] = [];
  readonly bySecond: number[] = [];
  speechless = 0;
  withheld = 0;

  count(status: number, head: string, tookMs: number): void {
    this.answers[status] = (this.answers[status] ?? 0) + 1;
    if (status === 201) this.createdMs.push(tookMs);
    if (status !== 503) return;
    this.refusedMs.push(tookMs);
    if (!/\r\nretry-after: \d+/i.test(head)) this.speechless += 1;
  }
}

export class OpenLoop {
  readonly #url: string;
  readonly #nextRequest: () => string;
  readonly #free: Connection[] = [];
  #sockets = 0;

  constructor(url: string) {
    this.#url = url;
    this.#nextRequest = requestMaker(url);
  }

  async open(sockets: number): Promise<void> {
    for (let opened = 0; opened < sockets; opened += openAtOnce) {
      const count = Math.min(openAtOnce, sockets - opened);
      this.#free.push(...(await Promise.all(Array.from({ length: count }, () => Connection.open(this.#url)))));
    }
    this.#sockets = sockets;
  }

  async offer({ perSecond, seconds, drainMaxMs, keepIn }: Offer): Promise<Offered> {
    const tally = new Tally();
    const keeper = keepIn === undefined ? undefined : createWriteStream(keepIn, { flags: 'a' });
    const timetable = new Timetable(perSecond, seconds);
    const began = performance.now();
    while (!timetable.isOver) {
      for (let due = timetable.due(performance.now() - began); due > 0; due -= 1) {
        const connection = this.#free.pop();
        if (connection === undefined) tally.withheld += 1;
        else void this.#send(connection, { tally, keeper, began });
      }
      await sleep(tickMs);
    }
    await sleep(Math.max(0, seconds * 1_000 - (performance.now() - began)));
    await eventually(drainMaxMs, () => this.#free.length === this.#sockets, 20);
    await finished(keeper);
    return {
      ...{ due: timetable.named, withheld: tally.withheld, answers: tally.answers, speechless: tally.speechless },
      inTime: tally.bySecond.slice(0, seconds).reduce((sum, each) => sum + each, 0),
      unanswered: this.#sockets - this.#free.length,
      latencies: latenciesOf(tally.createdMs),
      refusals: latenciesOf(tally.refusedMs),
      bySecond: Array.from({ length: Math.ceil(seconds) }, (_, second) => tally.bySecond[second] ?? 0),
    };
  }

  async #send(connection: Connection, phase: Phase): Promise<void> {
    const { tally, keeper, began } = phase;
    const request = this.#nextRequest();
    keeper?.write(`${keyIn(request)}\n`);
    const sentAt = performance.now();
    const { status, head, body } = connection.broken ? broken : await connection.ask(request);
    const now = performance.now();
    tally.count(status, head, now - sentAt);
    if (status === 201) {
      const second = Math.floor((now - began) / 1_000);
      tally.bySecond[second] = (tally.bySecond[second] ?? 0) + 1;
      keeper?.write(`${keyIn(request)} ${idIn(body)}\n`);
    }
    this.#free.push(connection.broken ? await this.#reopened() : connection);
  }

  async #reopened(): Promise<Connection> {
    for (;;) {
      const fresh = await Connection.open(this.#url).catch(() => undefined);
      if (fresh !== undefined) return fresh;
      await sleep(reopenMs);
    }
  }
}

type Phase = { readonly tally: Tally; readonly keeper: WriteStream | undefined; readonly began: number };

/** It broke while nothing was asked on it: the client that picks it learns that no sooner. */
const broken = { status: 0, head: '', body: '' };

async function finished(keeper: WriteStream | undefined): Promise<void> {
  if (keeper === undefined) return;
  keeper.end();
  await once(keeper, 'close');
}

function keyIn(request: string): string {
  return /^Idempotency-Key: (\S+)/m.exec(request)?.[1] ?? '';
}

function idIn(body: string): string {
  return /"transactionExternalId":"([^"]+)"/.exec(body)?.[1] ?? '';
}
