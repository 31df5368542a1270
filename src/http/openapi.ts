/** Describes the API as an OpenAPI 3.1 document, made of the schemas that validate it and the table of problems that it answers with. */
import { DeadLetter, DeadLetterActionBody, DeadLetterPage, DeadLetterReport } from './dead-letter-schemas.ts';
import { openApiPaths } from './openapi-paths.ts';
import * as schemas from './schemas.ts';

export function openApiDocument(version: string): object {
  const { Transaction, TransactionPage, TransactionHistory, OpenTransactionBody, ProblemBody, Health } = schemas;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Verdict',
      version,
      description:
        'Takes in financial transactions, has each one judged by anti-fraud rules, and tells what became of it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    paths: openApiPaths(),
    components: {
      schemas: {
        ...{ Transaction, TransactionPage, TransactionHistory, OpenTransactionBody, ProblemBody, Health },
        ...{ DeadLetter, DeadLetterPage, DeadLetterActionBody, DeadLetterReport },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'vk_<id>_<secret>' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}
