/** The HTTP face that the peers beside Verdict share, so that they differ only in what stands behind it: POST, GET by id, and decisions as server-sent events, on a bare Koa. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';

import Koa from 'koa';
import type { Context } from 'koa';

import type { Order } from './order.ts';
import type { Row } from './rows.ts';

export type Face = {
  /** Resolves when the answer may be 201. */
  readonly open: (
    request: IncomingMessage,
  ) => Promise<{ readonly id: string; readonly createdAt: string; readonly order: Order } | undefined>;
  readonly read?: (id: string) => Promise<Row | undefined>;
};

/** As long as Verdict's: an open loop leaves connections idle that it needs again. */
const keepAliveMs = 65_000;

export type Tell = (id: string, status: string) => void;

/** Ends with the bench that started it. Resolves to what tells a decision to everyone who follows. */
export async function serveFace({ open, read }: Face): Promise<{ readonly tell: Tell; readonly ready: () => void }> {
  const followers = new Set<NodeJS.WritableStream>();
  const app = new Koa();
  app.use(async (context) => {
    if (context.method === 'POST' && context.path === '/transactions') return answer(context, await open(context.req));
    if (context.path !== '/events')
      return answerRow(context, await read?.(context.path.slice('/transactions/'.length)));
    context.respond = false;
    context.res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    context.res.write(': here\n\n');
    followers.add(context.res);
    context.res.on('close', () => followers.delete(context.res));
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = keepAliveMs;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.on('disconnect', () => process.exit());
  return {
    tell: (id, status) => {
      const data = JSON.stringify({ transactionExternalId: id, transactionStatus: { name: status } });
      for (const follower of followers) follower.write(`data: ${data}\n\n`);
    },
    ready: () => void process.send?.({ port }),
  };
}

function answer(context: Context, opened: Awaited<ReturnType<Face['open']>>): void {
  if (opened === undefined) {
    context.status = 400;
    context.body = { title: 'not a transaction' };
    return;
  }
  context.status = 201;
  context.body = shape({ ...opened, value: opened.order.value, status: 'PENDING' });
}

function answerRow(context: Context, row: Row | undefined): void {
  if (row === undefined) return;
  const { id, status, created_at } = row;
  context.body = shape({ id, status, value: Number(row.value), createdAt: created_at.toISOString() });
}

type Shown = {
  readonly id: string;
  readonly status: string;
  readonly value: number;
  readonly createdAt: string;
};

function shape({ id, status, value, createdAt }: Shown) {
  return {
    transactionExternalId: id,
    transactionType: { name: 'TRANSFER' },
    transactionStatus: { name: status },
    value,
    createdAt,
  };
}
