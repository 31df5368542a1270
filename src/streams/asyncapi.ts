/** Describes the events on the log as an AsyncAPI 3.0 document, from the same schemas that check them, so that the description cannot fall behind. */
import { decisionMade, transactionOpened, transactionSettled } from './event-kinds.ts';
import type { Topics } from './topics.ts';

export type AsyncApiDocument = Readonly<Record<string, unknown>>;

type Described = { readonly type: string; readonly version: number; readonly source: string; readonly schema: object };

export function asyncApiDocument(topics: Topics, version: string): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Verdict',
      version,
      description:
        'What Verdict puts on the event log. CloudEvents 1.0, Kafka protocol binding, binary mode; the key of each record is the transaction id. Every event may arrive more than once, with the same id.',
    },
    defaultContentType: 'application/json',
    channels: {
      transactions: channel(
        topics.transactions,
        'Opened transactions, to be screened. A re-sent one has an attempt of its own in its id.',
        'transactionOpened',
      ),
      decisions: channel(topics.decisions, 'Decisions of the rules, to be settled.', 'decisionMade'),
      settlements: channel(
        topics.settlements,
        'Every terminal transition in journal order, at least once, for other systems.',
        'transactionSettled',
      ),
    },
    operations: {
      announce: operation('send', 'transactions', 'The front door announces, the relay re-sends.'),
      screen: operation('receive', 'transactions', `Consumer group ${topics.antiFraudGroup}.`),
      decide: operation('send', 'decisions', 'The anti-fraud role answers each opened transaction.'),
      settle: operation('receive', 'decisions', `Consumer group ${topics.settlementGroup}.`),
      publish: operation('send', 'settlements', 'The relay publishes from the journal.'),
    },
    components: {
      messages: {
        transactionOpened: message(transactionOpened),
        decisionMade: message(decisionMade),
        transactionSettled: message(transactionSettled),
      },
    },
  };
}

function channel(address: string, description: string, name: string): AsyncApiDocument {
  return { address, description, messages: { [name]: { $ref: `#/components/messages/${name}` } } };
}

function operation(action: 'send' | 'receive', name: string, summary: string): AsyncApiDocument {
  return { action, summary, channel: { $ref: `#/channels/${name}` } };
}

function message({ type, version, source, schema }: Described): AsyncApiDocument {
  const name = `${type}.v${version}`;
  return {
    name,
    contentType: 'application/json',
    headers: headers(name, source),
    payload: plain(schema),
    bindings: {
      kafka: { key: { type: 'string', format: 'uuid', description: 'The transaction id.' }, bindingVersion: '0.5.0' },
    },
  };
}

function headers(type: string, source: string): AsyncApiDocument {
  const text = (description: string): AsyncApiDocument => ({ type: 'string', description });
  return {
    type: 'object',
    required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject'],
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: text('Names the event; a repeat has the id of the first.'),
      ce_source: { const: source },
      ce_type: { const: type },
      ce_time: { type: 'string', format: 'date-time' },
      ce_subject: { type: 'string', format: 'uuid', description: 'The transaction id.' },
      'content-type': { const: 'application/json' },
      traceparent: text('W3C Trace Context, where the request had one.'),
    },
  };
}

/** Without what TypeBox keeps beside the JSON Schema. */
function plain(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema));
}
