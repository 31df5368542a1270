/** Feels the pulse of the run: whether front doors accept, how old the oldest PENDING transaction is, how far behind the settlements are. From that it tells when a fault was over. */
import { Client } from 'pg';
import type { ClientRequest } from '../checker/evidence.ts';
import { bounded, sleep } from '../wait.ts';

/** `accept`: some front door opens a transaction. `flow`: what is opened is settled soon. `relay`: what is settled is told to others soon. */
export type Lane = 'accept' | 'flow' | 'relay';

export type Pulse = { readonly pendingMs: number; readonly untoldMs: number; readonly pending: number };

type Beat = { readonly atMs: number; readonly good: boolean };

/** Less than what the re-send waits, unless the machine is so busy that even without a fault it is no better. */
const slowMs = { least: 1_500, most: 8_000 };
const everyMs = 250;
const keptMs = 300_000;

export class Vitals implements AsyncDisposable {
  readonly #databaseUrl: string;
  readonly #ending = new AbortController();
  readonly #beats: Readonly<Record<'flow' | 'relay', Beat[]>> = { flow: [], relay: [] };
  #slowMs = slowMs.least;
  #worstMs = 0;
  #answers: (Beat & { readonly door: string; readonly startMs: number })[] = [];
  #client: Client | undefined;
  #pulse: Pulse | undefined;
  readonly #watching: Promise<void>;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
    this.#watching = this.#run();
  }

  /** What counts as slow from now on: well above the worst so far, when nothing was broken yet. */
  calibrate(): number {
    this.#slowMs = Math.round(Math.min(slowMs.most, Math.max(slowMs.least, this.#worstMs * 1.5)));
    return this.#slowMs;
  }

  /** Undefined while the database does not answer. */
  get pulse(): Pulse | undefined {
    return this.#pulse;
  }

  answered({ door, startMs, endMs, status }: ClientRequest): void {
    const good = status === 201 && endMs - startMs < this.#slowMs;
    // In flight and reused are answers that an outage does not give.
    if (status === 409 || status === 422) return;
    this.#answers.push({ door, startMs, atMs: endMs, good });
  }

  /** Everything has been well for so long, at each of the doors. */
  isWell(doors: readonly string[], forMs: number): boolean {
    const since = Date.now() - forMs;
    const steady = (beats: readonly Beat[]): boolean => {
      const recent = beats.filter(({ atMs }) => atMs >= since);
      return recent.length > 0 && recent.every(({ good }) => good);
    };
    return (
      steady(this.#beats.flow) &&
      steady(this.#beats.relay) &&
      doors.every((door) => steady(this.#answers.filter((answer) => answer.door === door)))
    );
  }

  /** Milliseconds from the moment to the first transaction that was asked for after it and accepted; Infinity where there was none. */
  firstAccepted(fromMs: number, door?: string): number {
    const first = this.#answers.find(
      (answer) => answer.good && answer.startMs >= fromMs && (door ?? answer.door) === answer.door,
    );
    return first === undefined ? Number.POSITIVE_INFINITY : first.atMs - fromMs;
  }

  /** Milliseconds from the moment to the last time that something was amiss; 0 where nothing was. */
  feltMs(lane: Lane, fromMs: number): number {
    const beats = lane === 'accept' ? this.#answers : this.#beats[lane];
    const last = beats.findLast(({ good, atMs }) => !good && atMs >= fromMs);
    return last === undefined ? 0 : last.atMs - fromMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#watching;
    await this.#client?.end().catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const askedMs = Date.now();
      this.#pulse = await bounded(2_000, 'the pulse', this.#ask()).catch(() => this.#lost());
      const pulse = this.#pulse;
      this.#worstMs = Math.max(this.#worstMs, pulse?.pendingMs ?? 0, pulse?.untoldMs ?? 0);
      this.#beats.flow.push({ atMs: Date.now(), good: pulse !== undefined && pulse.pendingMs < this.#slowMs });
      this.#beats.relay.push({ atMs: Date.now(), good: pulse !== undefined && pulse.untoldMs < this.#slowMs });
      this.#forget(askedMs - keptMs);
      await sleep(everyMs, this.#ending.signal);
    }
  }

  async #ask(): Promise<Pulse> {
    const client = await this.#connected();
    const { rows } = await client.query<{ pending: number; pending_ms: number; untold_ms: number }>(sql);
    const [row] = rows;
    return { pending: row?.pending ?? 0, pendingMs: row?.pending_ms ?? 0, untoldMs: row?.untold_ms ?? 0 };
  }

  async #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new Client({
      connectionString: this.#databaseUrl,
      connectionTimeoutMillis: 1_000,
      query_timeout: 1_500,
    });
    client.on('error', () => this.#lost());
    await client.connect();
    this.#client = client;
    return client;
  }

  #lost(): undefined {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
  }

  #forget(beforeMs: number): void {
    for (const lane of ['flow', 'relay'] as const)
      while ((this.#beats[lane][0]?.atMs ?? beforeMs) < beforeMs) this.#beats[lane].shift();
    if ((this.#answers[0]?.atMs ?? beforeMs) < beforeMs)
      this.#answers = this.#answers.filter(({ atMs }) => atMs >= beforeMs);
  }
}

const sql = `select p.pending::int as pending,
    coalesce(extract(epoch from now() - p.oldest) * 1000, 0)::float8 as pending_ms,
    coalesce(extract(epoch from now() - u.recorded_at) * 1000, 0)::float8 as untold_ms
  from (
    select count(*) as pending, min(e.recorded_at) as oldest from transaction t
    join transaction_event e on e.transaction_id = t.id and e.version = 1 where t.status = 'PENDING'
  ) as p left join lateral (
    select e.recorded_at from transaction_event e
    left join journal_cursor c on c.name = 'relay'
    where (e.xid, e.position) > (coalesce(c.xid, '0'::xid8), coalesce(c.position, 0)) and e.version = 2
    order by e.xid, e.position limit 1
  ) as u on true`;
