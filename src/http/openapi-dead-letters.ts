/** The paths of the OpenAPI document that are about dead letters. */
import { DeadLetterParameters } from './dead-letter-schemas.ts';
import { header, json, problemResponses, queryParameters } from './openapi-parts.ts';

const problems = ['unauthenticated', 'scope_missing', 'unavailable'] as const;

export function deadLetterPaths(): object {
  return {
    '/dead-letters': {
      get: {
        operationId: 'listDeadLetters',
        summary: 'Records that were set aside with their cause, of all clients; needs the scope `ops`',
        parameters: queryParameters(DeadLetterParameters),
        responses: {
          200: { description: 'A page', headers: { Link: header('`rel="next"`') }, content: json('DeadLetterPage') },
          ...problemResponses(['invalid_query', ...problems]),
        },
      },
    },
    '/dead-letters/{topic}/{partition}/{offset}': {
      parameters: ['topic', 'partition', 'offset'].map((name) => ({
        ...{ name, in: 'path', required: true },
        schema: { type: name === 'topic' ? 'string' : 'integer' },
      })),
      get: {
        operationId: 'readDeadLetter',
        summary: 'One dead letter, whole',
        responses: {
          200: { description: 'The letter', content: json('DeadLetter') },
          ...problemResponses(['dead_letter_not_found', ...problems]),
        },
      },
    },
    '/dead-letters/re-drive': action(
      'reDriveDeadLetters',
      'Put records back on the topic that they were for, as they came. A repeat passes over what is done already',
    ),
    '/dead-letters/discard': action('discardDeadLetters', 'Mark letters as done with; nothing is deleted'),
  };
}

function action(operationId: string, summary: string): object {
  return {
    post: {
      operationId,
      summary,
      requestBody: { required: true, content: json('DeadLetterActionBody') },
      responses: {
        200: { description: 'What was done, and where to go on', content: json('DeadLetterReport') },
        ...problemResponses([
          'malformed_body',
          'body_too_large',
          'media_type_unsupported',
          'dead_letter_not_found',
          'invalid_request',
          ...problems,
        ]),
      },
    },
  };
}
