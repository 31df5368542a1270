/** The paths of the OpenAPI document: what each route takes and answers. */
import { deadLetterPaths } from './openapi-dead-letters.ts';
import { eventStream, header, json, problemResponses, queryParameters } from './openapi-parts.ts';
import * as schemas from './schemas.ts';

export function openApiPaths(): object {
  return { ...transactionPaths(), ...streamPaths(), ...deadLetterPaths(), ...operationPaths() };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Makes a repeat harmless: the same key and body give the same transaction and the same bytes, for as long as the transaction is kept.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{8,128}$' },
};
const prefer = {
  name: 'Prefer',
  in: 'header',
  description: '`wait=N` (RFC 7240): answer once the transaction is terminal, or after N seconds.',
  schema: { type: 'string', examples: ['wait=5'] },
};
const ifNoneMatch = { name: 'If-None-Match', in: 'header', schema: { type: 'string' } };
const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  description:
    'Resume after this frame, without a gap or a repeat. Refused where transitions after it are no longer kept; what happened meanwhile is then in the list.',
  schema: { type: 'string' },
};
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };

const readProblems = ['unauthenticated', 'scope_missing', 'unavailable'] as const;
const cursorProblems = [
  'last_event_id_malformed',
  'last_event_id_foreign',
  'last_event_id_future',
  'last_event_id_unknown',
  'last_event_id_pruned',
  'too_many_streams',
  'streams_exhausted',
] as const;

function transactionPaths(): object {
  return {
    '/transactions': {
      post: {
        operationId: 'openTransaction',
        summary: 'Open a transaction',
        parameters: [idempotencyKey, prefer],
        requestBody: { required: true, content: json('OpenTransactionBody') },
        responses: {
          201: {
            description: 'Opened now, or by an earlier request with this key',
            headers: {
              Location: header('Where the transaction is'),
              'Idempotency-Replayed': header('`true` where an earlier request opened it'),
              'Preference-Applied': header('The wait that was kept'),
            },
            content: json('Transaction'),
          },
          ...problemResponses([
            'malformed_body',
            'idempotency_key_missing',
            'idempotency_key_malformed',
            'idempotency_key_repeated',
            'idempotency_key_in_flight',
            'body_too_large',
            'media_type_unsupported',
            'invalid_transaction',
            'idempotency_key_reused',
            ...readProblems,
          ]),
        },
      },
      get: {
        operationId: 'listTransactions',
        summary: 'Transactions, newest first, in pages',
        parameters: queryParameters(schemas.ListParameters),
        responses: {
          200: { description: 'A page', headers: { Link: header('`rel="next"`') }, content: json('TransactionPage') },
          ...problemResponses(['invalid_query', ...readProblems]),
        },
      },
    },
    '/transactions/{id}': {
      parameters: [id],
      get: {
        operationId: 'readTransaction',
        summary: 'One transaction as it is now',
        parameters: [prefer, ifNoneMatch],
        responses: {
          200: {
            description: 'The transaction',
            headers: { ETag: header('By version'), 'Preference-Applied': header('The wait that was kept') },
            content: json('Transaction'),
          },
          304: { description: 'Not changed' },
          ...problemResponses(['transaction_not_found', ...readProblems]),
        },
      },
    },
    '/transactions/{id}/history': {
      parameters: [id],
      get: {
        operationId: 'readTransactionHistory',
        summary: 'Everything that happened to one transaction',
        responses: {
          200: { description: 'Its events in order', content: json('TransactionHistory') },
          ...problemResponses(['transaction_not_found', ...readProblems]),
        },
      },
    },
  };
}

function streamPaths(): object {
  return {
    '/transactions/{id}/events': {
      parameters: [id],
      get: {
        operationId: 'followTransaction',
        summary: "One transaction's transitions as they happen; ends after the terminal one",
        parameters: [lastEventId, ...queryParameters(schemas.TransactionStreamParameters)],
        responses: {
          200: eventStream(),
          204: { description: 'Nothing will follow the last event id' },
          ...problemResponses(['invalid_query', ...cursorProblems, 'transaction_not_found', ...readProblems]),
        },
      },
    },
    '/events': {
      get: {
        operationId: 'followTransactions',
        summary: 'Transitions of all transactions of the client, from now on or from the last event id',
        parameters: [lastEventId, ...queryParameters(schemas.StreamParameters)],
        responses: { 200: eventStream(), ...problemResponses(['invalid_query', ...cursorProblems, ...readProblems]) },
      },
    },
  };
}

function operationPaths(): object {
  return {
    '/health/live': {
      get: {
        operationId: 'live',
        summary: 'The process answers',
        security: [],
        responses: { 200: { description: 'It does', content: json('Health') } },
      },
    },
    '/health/ready': {
      get: {
        operationId: 'ready',
        summary: 'What the process needs answers too',
        security: [],
        responses: {
          200: { description: 'Ready, perhaps degraded', content: json('Health') },
          503: { description: 'Not ready, or closing', content: json('Health') },
        },
      },
    },
    '/metrics': {
      get: {
        operationId: 'metrics',
        summary: 'Measurements in the Prometheus text format',
        responses: {
          200: { description: 'The measurements', content: { 'text/plain': { schema: { type: 'string' } } } },
          ...problemResponses(['unauthenticated', 'scope_missing']),
        },
      },
    },
  };
}
