/**
 * The way to the database and back: a call travels, runs as one unit of work, and its reply travels home. Any of the three may fail, and who asked
 * cannot tell which: a unit of work may be durable although its reply never came.
 */
import { Failure } from '../../src/platform/failure.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import type { UnitOfWork } from './ledger.ts';
import { Ledger } from './ledger.ts';

export type Call = { readonly incarnation: Incarnation; readonly name: string };

export class DatabaseServer {
  readonly ledger = new Ledger();
  readonly #world: World;
  readonly #crashed = new Set<() => void>();
  #up = true;

  constructor(world: World) {
    this.#world = world;
  }

  get up(): boolean {
    return this.#up;
  }

  /** By the database's own clock, which is right. */
  now(): number {
    return this.#world.agenda.now;
  }

  query<T>(call: Call, read: (ledger: Ledger) => T): Promise<T> {
    return this.#roundTrip(call, (reply) => {
      const result = read(this.ledger);
      reply(() => result);
    });
  }

  /** `size` journal rows at the most. */
  unitOfWork<T>(call: Call, size: number, work: (ledger: Ledger, unit: UnitOfWork) => T): Promise<T> {
    return this.#roundTrip(call, (reply) => {
      const unit = this.ledger.begin(size, this.now());
      if (this.#world.struck('freeze-in-commit', call.incarnation)) this.#world.freeze(call.incarnation);
      const slow = this.#world.struck('slow-commit', call.incarnation);
      const commitMs = Math.min(this.#world.latencyMs(slow ? slowCommitMs : 1.5), slowestCommitMs);
      this.#world.agenda.after(commitMs, () => {
        if (unit.aborted) return;
        if (this.#world.struck('commit-failed', call.incarnation)) return this.ledger.end(unit);
        const result = work(this.ledger, unit);
        this.ledger.end(unit);
        if (this.#world.struck('crash-after-commit', call.incarnation)) {
          this.#world.kill(call.incarnation, `crash after the commit of ${call.name}`);
          return;
        }
        if (this.#world.struck('lost-commit-reply', call.incarnation)) {
          this.#world.history.note('database', 'reply lost', [], call.name);
          return;
        }
        reply(() => result);
      });
    });
  }

  /** Everything that runs is rolled back, and nobody gets in until it is up again. */
  crash(): void {
    this.#up = false;
    this.ledger.abortAll();
    for (const notice of this.#crashed) notice();
  }

  restart(): void {
    this.#up = true;
  }

  onCrash(notice: () => void): () => void {
    this.#crashed.add(notice);
    return () => this.#crashed.delete(notice);
  }

  #roundTrip<T>({ incarnation, name }: Call, serve: (reply: (result: () => T) => void) => void): Promise<T> {
    const { agenda } = this.#world;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        incarnation.after(this.#world.latencyMs(), () =>
          reject(new Failure('database_unavailable', `${name}: ${why}`)),
        );
      };
      // Whatever becomes of it, the caller hears within its time limit.
      const late = incarnation.after(statementLimitMs, () =>
        reject(new Failure('database_unavailable', `${name}: no answer`)),
      );
      const arrive = (): void => {
        if (!this.#up) return fail('the database is down');
        if (this.#world.struck('database-error', incarnation)) return fail('the connection broke before it began');
        serve((result) => {
          incarnation.after(this.#world.latencyMs(0.7), () => {
            late();
            resolve(result());
          });
        });
      };
      agenda.after(this.#world.latencyMs(0.7), arrive);
    });
  }
}

const statementLimitMs = 700;
const slowCommitMs = 400;
/** While everything is slow, a slow commit could take 80 s, and hold the horizon back for longer than a run has to come to rest. */
const slowestCommitMs = 20_000;
