/** The network between one role and one service: a listener of its own that passes everything on, until it is told to delay, hold, cut or lose. */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import type { Random } from '../random.ts';
import { apiKeys, correlationIdOf, Frames, readRequest, redirected } from './kafka-frames.ts';
import { Lane } from './lane.ts';
import type { Weather } from './lane.ts';

export type LinkOptions = {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  /** Its frames are looked into, and the brokers' ports replaced by this link's. */
  readonly isKafka: boolean;
  readonly random: Random;
};

/** As seen from the role. */
export type Direction = 'out' | 'back';

type Connection = { readonly client: Socket; readonly target: Socket; readonly out: Lane; readonly back: Lane };

const fair: Weather = { delayMs: 0, jitterMs: 0 };

export class Link implements AsyncDisposable {
  readonly #options: LinkOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #held = new Set<Direction>();
  #weather = fair;
  #repliesToDrop = 0;
  #framesToCut = 0;

  private constructor(options: LinkOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  static async listen(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    link.#server.listen({ port: options.port, host: '127.0.0.1' });
    await once(link.#server, 'listening');
    return link;
  }

  get name(): string {
    return this.#options.name;
  }

  get port(): number {
    return this.#options.port;
  }

  slow(weather: Weather): void {
    this.#weather = weather;
  }

  /** Nothing comes through in this direction, on old connections and new ones, and nobody is told. */
  hold(direction: Direction): void {
    this.#held.add(direction);
    for (const connection of this.#connections) connection[direction].hold(true);
  }

  /** The next answers to produce requests are lost together with their connection. */
  dropProduceReplies(count: number): void {
    this.#repliesToDrop = count;
  }

  /** So many answers are cut in their middle, each with its connection. */
  cutFrames(count: number): void {
    this.#framesToCut = count;
  }

  cut(): void {
    for (const { client, target } of this.#connections) {
      client.resetAndDestroy();
      target.resetAndDestroy();
    }
  }

  /** As if nothing had been. */
  mend(): void {
    this.#weather = fair;
    this.#held.clear();
    this.#repliesToDrop = 0;
    this.#framesToCut = 0;
    for (const { out, back } of this.#connections) {
      out.hold(false);
      back.hold(false);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cut();
  }

  #accept(client: Socket): void {
    const target = connect({ port: this.#options.targetPort, host: '127.0.0.1', noDelay: true });
    const { random } = this.#options;
    const connection = {
      client,
      target,
      out: new Lane(client, target, random),
      back: new Lane(target, client, random),
    };
    this.#connections.add(connection);
    const end = (): void => {
      this.#connections.delete(connection);
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) socket.on('error', end).on('close', end);
    for (const direction of this.#held) connection[direction].hold(true);
    if (this.#options.isKafka) this.#passFrames(connection);
    else this.#passBytes(connection);
  }

  #passBytes({ client, target, out, back }: Connection): void {
    client.on('data', (chunk: Buffer) => out.send(chunk, this.#weather));
    target.on('data', (chunk: Buffer) => {
      if (this.#framesToCut > 0 && chunk.length > 1) this.#cutInTheMiddle({ client, target }, chunk);
      else back.send(chunk, this.#weather);
    });
  }

  #passFrames({ client, target, out, back }: Connection): void {
    const [requests, answers, asked] = [new Frames(), new Frames(), new Map<number, number>()];
    client.on('data', (chunk: Buffer) => {
      for (const frame of requests.take(chunk)) {
        const { apiKey, correlationId } = readRequest(frame);
        asked.set(correlationId, apiKey);
        out.send(frame, this.#weather);
      }
    });
    target.on('data', (chunk: Buffer) => {
      for (const frame of answers.take(chunk)) {
        if (client.destroyed) return;
        const apiKey = asked.get(correlationIdOf(frame));
        asked.delete(correlationIdOf(frame));
        if (apiKey === apiKeys.produce && this.#repliesToDrop > 0) {
          this.#repliesToDrop -= 1;
          client.resetAndDestroy();
        } else if (this.#framesToCut > 0) this.#cutInTheMiddle({ client, target }, frame);
        else back.send(this.#redirect(frame, apiKey), this.#weather);
      }
    });
  }

  #redirect(frame: Buffer, apiKey: number | undefined): Buffer {
    const tellsPlaces = apiKey === apiKeys.metadata || apiKey === apiKeys.findCoordinator;
    return tellsPlaces ? redirected(frame, { from: this.#options.targetPort, to: this.#options.port }) : frame;
  }

  #cutInTheMiddle({ client, target }: { readonly client: Socket; readonly target: Socket }, bytes: Buffer): void {
    this.#framesToCut -= 1;
    client.end(bytes.subarray(0, bytes.length >> 1));
    target.destroy();
  }
}
