/**
 * Failpoints: a named place right before or right after one durable effect, at which a process under test dies, throws or hangs. They stand at the ports, so every pair of
 * effects has one between them and no other code knows of them. The configuration refuses them outside NODE_ENV=test.
 */
import type { ConsumeOptions, EventLog, LogRecord } from '../platform/event-log/event-log.ts';
import { Failure } from '../platform/failure.ts';
import type { Log } from '../platform/logger.ts';

export type Failpoint = {
  /** `<port>.<call>[.<topic or set>].<before|after>`: `statements.open.after`, `log.append.decisions.after`. */
  readonly name: string;
  readonly action: FailpointAction;
  /** At which passing of the place; from 1. */
  readonly hit: number;
};

export type FailpointAction = 'kill' | 'throw' | 'hang';

/** `name:action` or `name:action:hit`. */
export const failpointPattern = '^[A-Za-z_.-]+:(?:kill|throw|hang)(?::[1-9][0-9]{0,5})?$';

export function parseFailpoint(text: string): Failpoint {
  const [name = '', action = '', hit = '1'] = text.split(':');
  if (action !== 'kill' && action !== 'throw' && action !== 'hang') throw new Error(`${text} is no failpoint`);
  return { name, action, hit: Number(hit) };
}

/** Tells each place to the one who asked for it, and how often it was passed. */
export class Failpoints {
  readonly #failpoint: Failpoint | undefined;
  readonly #log: Log;
  #passed = 0;

  constructor(text: string | null, log: Log) {
    this.#failpoint = text === null ? undefined : parseFailpoint(text);
    this.#log = log;
  }

  /** The port with a failpoint before and after each call; the port itself where none is set. A call's topic, set or cursor is part of the name. */
  around<Port extends object>(name: string, port: Port): Port {
    if (this.#failpoint === undefined) return port;
    return new Proxy(port, {
      get: (target, member) => {
        const call: unknown = Reflect.get(target, member, target);
        if (typeof call !== 'function') return call;
        if (typeof member === 'symbol') return call.bind(target);
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const place = placeOf([name, member, args[0]]);
          await this.#pass(`${place}.before`);
          const result: unknown = await Reflect.apply(call, target, args);
          await this.#pass(`${place}.after`);
          return result;
        };
      },
    });
  }

  /** Between the last effect of a batch and the commit of its offset, too: `log.handle.<topic>.after`. */
  aroundLog(log: EventLog): EventLog {
    if (this.#failpoint === undefined) return log;
    return this.around('log', {
      ensureTopics: (topics) => log.ensureTopics(topics),
      append: (topic, records) => log.append(topic, records),
      consume: (options) => log.consume({ ...options, handle: (records) => this.#handle(options, records) }),
      read: (options) => log.read(options),
      ends: (topic) => log.ends(topic),
      committed: (group, topic) => log.committed(group, topic),
      ping: () => log.ping(),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    });
  }

  async #handle({ topic, handle }: ConsumeOptions, records: readonly LogRecord[]): Promise<void> {
    const place = placeOf(['log.handle', topic]);
    await this.#pass(`${place}.before`);
    await handle(records);
    await this.#pass(`${place}.after`);
  }

  async #pass(place: string): Promise<void> {
    const failpoint = this.#failpoint;
    if (failpoint?.name !== place) return;
    this.#passed += 1;
    if (this.#passed !== failpoint.hit) return;
    this.#log.warn({ failpoint: place, action: failpoint.action }, 'failpoint');
    switch (failpoint.action) {
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => undefined);
      case 'hang':
        return new Promise(() => undefined);
      case 'throw':
        throw new Failure(place.startsWith('log') ? 'event_log_unavailable' : unavailable(place), `failpoint ${place}`);
    }
  }
}

/** Topics go by their last part, since their prefix is the installation's. */
function placeOf(parts: readonly unknown[]): string {
  const names = parts.filter((part): part is string => typeof part === 'string');
  return [...names.slice(0, -1), names.at(-1)?.replace(/^.*\./, '') ?? ''].join('.');
}

function unavailable(place: string): 'key_store_unavailable' | 'database_unavailable' {
  return place.startsWith('keys') ? 'key_store_unavailable' : 'database_unavailable';
}
