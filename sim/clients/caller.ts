/** A client that wants one transaction: posts until it has an answer, repeats itself, contradicts itself, reads what came of it, and looks at what is not its own. */
import type { ClientId } from '../../src/transaction/ids.ts';
import { parseClientId } from '../../src/transaction/ids.ts';
import type { ClientName, Intent } from '../plan/plan.ts';
import type { Answer } from '../processes/fake-exchange.ts';
import type { ClientLog } from './client-log.ts';
import { idIn, isTerminalStatus, statusIn } from './client-log.ts';
import type { Network } from './exchange.ts';
import { exchange } from './exchange.ts';

export type CallerOptions = Network & {
  readonly intent: Intent;
  readonly log: ClientLog;
  /** It was accepted, and has this id. */
  readonly onAccepted: (id: string) => void;
};

export class Caller {
  readonly #options: CallerOptions;
  #busy = 0;
  #begun = false;

  constructor(options: CallerOptions) {
    this.#options = options;
    const { intent, world } = options;
    world.agenda.after(intent.at, () => this.#begin());
  }

  /** It has asked everything that it wanted to, and has its answers. */
  get done(): boolean {
    return this.#begun && this.#busy === 0;
  }

  #begin(): void {
    const { intent, world } = this.#options;
    this.#begun = true;
    this.#start(this.#insist(false));
    for (const { afterMs, conflicting } of intent.repeats) {
      this.#busy += 1;
      world.agenda.after(afterMs, () => {
        this.#busy -= 1;
        this.#start(this.#insist(conflicting));
      });
    }
  }

  #start(work: Promise<void>): void {
    this.#busy += 1;
    work.then(
      () => {
        this.#busy -= 1;
      },
      (error: unknown) => this.#options.world.violate('simulator', `a client met a bug: ${String(error)}`),
    );
  }

  /** Until it is answered for good: no answer, 409 and 503 mean to ask again. */
  async #insist(conflicting: boolean): Promise<void> {
    const { intent, world, random } = this.#options;
    for (;;) {
      const answer = await this.#post(conflicting);
      if (answer?.status === 201) return this.#accepted(answer);
      if (answer?.status === 422) return;
      if (answer !== undefined && answer.status !== 409 && answer.status !== 503)
        return world.violate('bug', `POST of ${intent.name} was answered ${answer.status} ${answer.body}`);
      if (answer?.status === 409) world.sometimes('key-in-flight');
      await this.#pause(random.between(60, 700));
    }
  }

  async #post(conflicting: boolean): Promise<Answer | undefined> {
    const { intent, world, log } = this.#options;
    const body = JSON.stringify(conflicting ? { ...intent.body, value: 7 } : intent.body);
    const startedAt = world.agenda.now;
    const { client, key, waitSeconds } = intent;
    log.sent.add(`${client} ${key} ${body}`);
    world.history.note(client, `POST ${intent.name}`, [], conflicting ? 'with another body' : '');
    const answer = await exchange(this.#options, 'open', {
      clientId: clientId(client),
      path: '/transactions',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {}),
      },
      body,
    });
    const id = idIn(answer?.body ?? '');
    const replayed = answer?.headers['idempotency-replayed'] === 'true';
    const text = `${answer?.status ?? 'no answer'} ${statusIn(answer?.body ?? '') ?? ''}${replayed ? ' replayed' : ''}`;
    world.history.note(client, `answer to ${intent.name}`, id === undefined ? [] : [id], text);
    log.posts.push({
      ...{ client, key, body, startedAt, endedAt: world.agenda.now, status: answer?.status },
      ...{ answer: answer?.body ?? '', replayed },
    });
    return answer;
  }

  async #accepted({ body }: Answer): Promise<void> {
    const { intent, world, log, random, onAccepted } = this.#options;
    const id = idIn(body);
    if (id === undefined) return world.violate('bug', `201 without an id: ${body}`);
    if (isTerminalStatus(statusIn(body))) log.learnTerminal(id, world.agenda.now);
    if (!log.accepted.has(id)) onAccepted(id);
    log.accepted.set(id, intent.client);
    for (let read = 0; read < intent.reads; read += 1) {
      await this.#pause(random.chance(0.4) ? random.between(0, 5) : random.between(5, 1_200));
      await this.#read(id);
    }
    if (random.chance(0.3)) await this.#readAsAnother(id);
  }

  async #read(id: string): Promise<void> {
    const { intent, world, log, random } = this.#options;
    const startedAt = world.agenda.now;
    const wait: Record<string, string> = random.chance(0.2) ? { prefer: 'wait=1' } : {};
    const answer = await exchange(this.#options, 'read', { ...this.#path(id, intent.client), headers: wait });
    if (answer === undefined || answer.status === 503) return;
    const status = statusIn(answer.body);
    world.history.note(intent.client, `GET of ${intent.name}`, [id], `${answer.status} ${status ?? ''}`);
    if (answer.status === 404) return world.violate('I12', `after its 201, GET answered 404`, id);
    if (answer.status !== 200) return world.violate('bug', `GET was answered ${answer.status} ${answer.body}`, id);
    if (status === 'PENDING' && log.knewTerminal(id, startedAt))
      world.violate('I12', 'GET answered PENDING to a client that had seen it terminal', id);
    if (isTerminalStatus(status)) log.learnTerminal(id, world.agenda.now);
  }

  async #readAsAnother(id: string): Promise<void> {
    const { intent, world } = this.#options;
    const other = intent.client === 'north' ? 'south' : 'north';
    const answer = await exchange(this.#options, 'read', { ...this.#path(id, other), headers: {} });
    if (answer !== undefined && answer.status !== 404 && answer.status !== 503)
      world.violate('I9', `another client's GET was answered ${answer.status}`, id);
  }

  #path(id: string, client: ClientName): { clientId: ClientId; path: string; params: { id: string } } {
    return { clientId: clientId(client), path: '/transactions/:id', params: { id } };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.world.agenda.after(ms, resolve));
  }
}

export function clientId(name: ClientName): ClientId {
  const id = parseClientId(name);
  if (id === undefined) throw new Error(`${name} is no client id`);
  return id;
}
