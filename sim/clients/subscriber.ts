/** A client that follows an event stream: remembers the last id as an EventSource does, and comes back with it, to whichever door there is, whenever the stream ends. */
import type { ClientName } from '../plan/plan.ts';
import type { Answer } from '../processes/fake-exchange.ts';
import { Outgoing } from '../processes/fake-exchange.ts';
import type { Life } from '../processes/life.ts';
import { clientId } from './caller.ts';
import type { ClientLog } from './client-log.ts';
import { idIn, isTerminalStatus, statusIn } from './client-log.ts';
import type { Network } from './exchange.ts';
import { pickDoor } from './exchange.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './frame-reader.ts';

export type SubscriberOptions = Network & {
  readonly name: string;
  readonly client: ClientName;
  readonly log: ClientLog;
  /** One transaction's own stream; the client's whole stream where it is left out. */
  readonly transaction?: string;
  readonly status?: string | undefined;
};

type Connection = {
  open: boolean;
  readonly life: Life;
  readonly response: Outgoing;
  readyAt: number;
  readonly underWay: string[];
};

export class Subscriber {
  readonly options: SubscriberOptions;
  /** What was dispatched, in the order of arrival. */
  readonly frames: Frame[] = [];
  /** The first id that it was told: whatever comes after that place is promised to it. */
  startId: string | undefined;
  lastId: string | undefined;
  /** It was told that nothing more will come. */
  ended = false;
  connections = 0;
  #connection: Connection | undefined;

  constructor(options: SubscriberOptions) {
    this.options = options;
    this.#connect();
  }

  /** The network drops it; what was under way is lost. */
  cut(): void {
    const { world } = this.options;
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.open = false;
    connection.life.incarnation.after(world.latencyMs(), () => connection.response.close());
    this.#again(connection);
  }

  /** It reads nothing for a while. */
  stall(ms: number): void {
    const { world } = this.options;
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.response.writableNeedDrain = true;
    connection.readyAt = Math.max(connection.readyAt, world.agenda.now + ms);
    world.agenda.after(ms, () => connection.life.incarnation.after(0, () => connection.response.drain()));
  }

  #connect(): void {
    const { world } = this.options;
    const life = pickDoor(this.options);
    if (life === undefined) {
      world.agenda.after(200, () => this.#connect());
      return;
    }
    this.connections += 1;
    if (this.lastId !== undefined) world.sometimes('stream-resumed');
    const reader = new FrameReader((frame) => this.#take(frame));
    const response = new Outgoing((text) => this.#deliver(connection, text, reader));
    const connection: Connection = { open: true, life, response, readyAt: 0, underWay: [] };
    this.#connection = connection;
    const gone = (): void => void world.agenda.after(world.latencyMs(), () => this.#again(connection));
    life.incarnation.onEnd(gone);
    world.agenda.after(world.latencyMs(), () => life.incarnation.after(0, () => this.#open(connection)));
  }

  #open(connection: Connection): void {
    const { world, client, transaction, status } = this.options;
    const { door } = connection.life;
    if (door === undefined) return void world.agenda.after(world.latencyMs(), () => this.#again(connection));
    const request = {
      clientId: clientId(client),
      path: transaction === undefined ? '/events' : '/transactions/:id/events',
      params: transaction === undefined ? {} : { id: transaction },
      query: status === undefined ? {} : { status },
      headers: this.lastId === undefined ? {} : { 'last-event-id': this.lastId },
    };
    door.answer(transaction === undefined ? 'events' : 'transactionEvents', request, connection.response).then(
      (answer) => {
        const delayMs = Math.max(world.latencyMs(), connection.readyAt - world.agenda.now + 0.01);
        world.agenda.after(delayMs, () => this.#over(connection, answer));
      },
      (error: unknown) => world.violate('bug', `a stream threw ${String(error)}`),
    );
  }

  /** In order, however long each piece takes. */
  #deliver(connection: Connection, text: string, reader: FrameReader): void {
    const { world } = this.options;
    connection.readyAt = Math.max(connection.readyAt, world.agenda.now + world.latencyMs());
    connection.underWay.push(text);
    world.agenda.after(connection.readyAt - world.agenda.now, () => {
      const next = connection.underWay.shift() ?? '';
      if (connection.open) reader.feed(next);
    });
  }

  #over(connection: Connection, { status, body }: Answer): void {
    const { world, name } = this.options;
    if (!connection.open) return;
    if (status === 204) {
      this.ended = true;
      connection.open = false;
      return;
    }
    if (status !== 200 && status !== 503)
      world.violate('I5', `${name} was answered ${status} ${body} for ${this.lastId}`);
    this.#again(connection);
  }

  #again(connection: Connection): void {
    const { world, random } = this.options;
    if (this.#connection !== connection) return;
    connection.open = false;
    this.#connection = undefined;
    if (this.ended) return;
    world.agenda.after(random.between(20, 500), () => this.#connect());
  }

  #take(frame: Frame): void {
    const { world, log, name, client, transaction } = this.options;
    if (frame.id !== undefined) {
      this.startId ??= frame.id;
      this.lastId = frame.id;
    }
    if (frame.data === '') return;
    this.frames.push(frame);
    const id = idIn(frame.data);
    const status = statusIn(frame.data);
    world.history.note(name, `frame for ${client}`, id === undefined ? [] : [id], status);
    if (id !== undefined && isTerminalStatus(status)) log.learnTerminal(id, world.agenda.now);
    if (transaction !== undefined && isTerminalStatus(status)) this.ended = true;
  }
}
