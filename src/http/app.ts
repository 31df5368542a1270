/** The front door's API: every route, what it needs, and the scope that it asks for. */
import type Koa from 'koa';

import type { Api } from './api.ts';
import type { BaseLimits, BaseOptions } from './base-app.ts';
import { createBaseApp } from './base-app.ts';
import type { RequestState } from './context.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Catalogue } from './open-body.ts';
import { openBodyReader } from './open-body.ts';
import { inFlight } from './middleware/in-flight.ts';
import { openApiDocument } from './openapi.ts';
import { actOnDeadLetters } from './routes/act-on-dead-letters.ts';
import { document, links } from './routes/document.ts';
import { events } from './routes/events.ts';
import { listDeadLetters, readDeadLetter } from './routes/list-dead-letters.ts';
import type { PageLimits } from './routes/list-transactions.ts';
import { listTransactions } from './routes/list-transactions.ts';
import { openTransaction } from './routes/open-transaction.ts';
import { readTransaction } from './routes/read-transaction.ts';
import { transactionEvents } from './routes/transaction-events.ts';
import { transactionHistory } from './routes/transaction-history.ts';
import type { SseLimits } from './sse/event-streams.ts';
import { EventStreams } from './sse/event-streams.ts';

export type AppOptions = BaseOptions & {
  readonly api: Api;
  readonly deadLetters: DeadLetters;
  readonly catalogue: Catalogue;
  readonly limits: BaseLimits & PageLimits & RequestLimits;
  readonly sse: SseLimits;
  /** Shown in the OpenAPI document. */
  readonly version: string;
};

export type RequestLimits = {
  readonly bodyMaxBytes: number;
  readonly waitMaxMs: number;
  /** Requests being answered at once; event streams have seats of their own, and health and metrics are always answered. */
  readonly inFlightMax: number;
};

export function createApp(options: AppOptions): Koa<RequestState> {
  const { api, deadLetters: letters, limits, closing } = options;
  const streams = new EventStreams(options);
  const readOpenBody = openBodyReader(options.catalogue);
  const { bodyMaxBytes, waitMaxMs } = limits;
  const room = inFlight(limits.inFlightMax);
  return createBaseApp(options, (router, allow) => {
    const read = allow('transactions:read');
    const write = allow('transactions:write');
    const follow = allow('events:read');
    router.post('/transactions', write, room, openTransaction({ api, bodyMaxBytes, readOpenBody, waitMaxMs, closing }));
    router.get('/transactions/:id', read, room, readTransaction(api, { waitMaxMs, closing }));
    router.get('/transactions', read, room, listTransactions(api, limits));
    router.get('/transactions/:id/history', read, room, transactionHistory(api));
    router.get('/transactions/:id/events', follow, transactionEvents(api, streams));
    router.get('/events', follow, events(api, streams));
    const operate = allow('ops');
    router.get('/dead-letters', operate, listDeadLetters(letters, limits));
    router.get('/dead-letters/:topic/:partition/:offset', operate, readDeadLetter(letters));
    router.post('/dead-letters/re-drive', operate, actOnDeadLetters('re-drive', { letters, bodyMaxBytes }));
    router.post('/dead-letters/discard', operate, actOnDeadLetters('discard', { letters, bodyMaxBytes }));
    router.get('/openapi.json', document(openApiDocument(options.version)));
    router.get('/', document(links));
  });
}
