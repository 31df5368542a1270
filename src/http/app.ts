/** The front door's API: every route, what it needs, and the scope that it asks for. */
import type { RequestListener } from 'node:http';

import type { Api } from './api.ts';
import type { BaseLimits, BaseOptions } from './base-app.ts';
import { createBaseApp, listenerOf } from './base-app.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Catalogue } from './open-body.ts';
import { openBodyReader } from './open-body.ts';
import type { InFlightLimits } from './middleware/in-flight.ts';
import { InFlight } from './middleware/in-flight.ts';
import { openApiDocument } from './openapi.ts';
import { refuseEarly } from './refuse-early.ts';
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

/** Event streams have seats of their own, and health and metrics are always answered. */
export type RequestLimits = InFlightLimits & {
  readonly bodyMaxBytes: number;
  readonly waitMaxMs: number;
  /** Of those that find no room. */
  readonly refusalsPerSecondMax: number;
};

export function createApp(options: AppOptions): RequestListener {
  const { api, deadLetters: letters, limits, closing } = options;
  const streams = new EventStreams(options);
  const readOpenBody = openBodyReader(options.catalogue);
  const { bodyMaxBytes, waitMaxMs } = limits;
  const inFlight = new InFlight(limits);
  const { room } = inFlight;
  const app = createBaseApp(options, (router, allow) => {
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
  const { refusalsPerSecondMax } = limits;
  return refuseEarly({ ...options, refusalsPerSecondMax, isFull: () => inFlight.isFull }, listenerOf(app));
}
