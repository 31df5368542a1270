/**
 * Statements of the embedded database, each parsed once and then bound and executed in one message (PostgreSQL manual, Extended Query): the client's own `query` parses and describes
 * anew each time, in six calls into WebAssembly, which cost a third of a small batch. Rows come back as PostgreSQL's own driver gives them.
 */
import pg from 'pg';
import { serialize } from 'pg-protocol';

import { arrayText } from './array-text.ts';
import type { SqlValue } from './database.ts';
import type { PlanSettings } from './plans.ts';

/** The part of PGlite that is used here. */
export type ProtocolClient = {
  readonly runExclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly execProtocol: (message: Uint8Array) => Promise<{ readonly messages: readonly Message[] }>;
};

type Message = { readonly name: string };
type Fields = readonly { readonly name: string; readonly dataTypeID: number }[];
type Prepared = { readonly name: string; readonly fields: Fields };

export class PgliteStatements {
  readonly #client: ProtocolClient;
  /** Texts are constants of this code base. */
  readonly #prepared = new Map<string, Prepared>();
  /** There is one session for all; what the ORM sends is planned by whatever was set last. */
  #plans: PlanSettings | undefined;

  constructor(client: ProtocolClient) {
    this.#client = client;
  }

  /** Rejects with the database's error; what is not wanted any more by then is undone by the statement's own unit of work. */
  query<Row>(text: string, values: readonly SqlValue[], plans: PlanSettings): Promise<readonly Row[]> {
    return this.#client.runExclusive(async () => {
      if (this.#plans !== plans) await this.#plan(plans);
      const { name, fields } = this.#prepared.get(text) ?? (await this.#prepare(text));
      const bind = serialize.bind({ statement: name, values: values.map(parameter) });
      const messages = await this.#exchange(bind, serialize.execute({}), serialize.sync());
      return messages.flatMap((message) => (isRow(message) ? [toRow(fields, message.fields) as Row] : []));
    });
  }

  async #plan(plans: PlanSettings): Promise<void> {
    await this.#exchange(serialize.query(plans.map(([name, value]) => `set ${name} = ${value}`).join('; ')));
    this.#plans = plans;
  }

  async #prepare(text: string): Promise<Prepared> {
    const name = `v_${this.#prepared.size}`;
    const messages = await this.#exchange(
      serialize.parse({ name, text, types: [] }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const prepared = { name, fields: messages.find(isDescription)?.fields ?? [] };
    this.#prepared.set(text, prepared);
    return prepared;
  }

  async #exchange(...parts: readonly Buffer[]): Promise<readonly Message[]> {
    return (await this.#client.execProtocol(Buffer.concat(parts))).messages;
  }
}

function parameter(value: SqlValue): string | null {
  if (Array.isArray(value)) return arrayText(value);
  return value === null ? null : String(value);
}

function toRow(fields: Fields, texts: readonly (string | null)[]): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {};
  fields.forEach(({ name, dataTypeID }, index) => {
    const text = texts[index] ?? null;
    row[name] = text === null ? null : pg.types.getTypeParser(dataTypeID, 'text')(text);
  });
  return row;
}

function isRow(message: Message): message is Message & { readonly fields: readonly (string | null)[] } {
  return message.name === 'dataRow';
}

function isDescription(message: Message): message is Message & { readonly fields: Fields } {
  return message.name === 'rowDescription';
}
