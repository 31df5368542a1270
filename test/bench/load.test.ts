/** The load generator tells what callers would have felt: an open loop counts the waiting that a closed one hides, and only what was accepted is owed a decision. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as assert from 'uvu/assert';

import { Ledger } from '../../bench/load/ledger.ts';
import { Load } from '../../bench/load/load.ts';
import type { Phase, PhaseResult } from '../../bench/load/protocol.ts';
import { suite } from '../support/suite.ts';

const test = suite('load');
const drainMaxMs = 2_000;

type Handle = (request: IncomingMessage, response: ServerResponse, id: string) => void;

/** What the load makes of a server that answers as the test says. */
async function under(phase: Phase, handle: Handle, decisions?: string): Promise<PhaseResult> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => handle(request, response, randomUUID()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await using load = await Load.open({ url: `http://127.0.0.1:${port}`, decisions });
    return await load.run(phase, drainMaxMs);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function accept(response: ServerResponse, id: string): void {
  const body = JSON.stringify({ transactionExternalId: id });
  response.writeHead(201, { 'Content-Length': body.length }).end(body);
}

/** Answers nothing until `ms` after the first request. */
function stalled(ms: number): Handle {
  let until: number | undefined;
  return (_, response, id) => {
    until ??= performance.now() + ms;
    setTimeout(() => accept(response, id), Math.max(0, until - performance.now()));
  };
}

test('a server that stalls for half of the time shows in the median of an open loop', async () => {
  const { accepted, post } = await under({ type: 'open', rate: 200, seconds: 1 }, stalled(600));
  assert.ok(accepted > 140 && accepted < 260, `${accepted} accepted`);
  assert.ok(post.p50 > 50, `p50 ${post.p50}`);
  assert.ok(post.max > 500, `max ${post.max}`);
});

test('who waits for a connection waits since the request was due', async () => {
  const { accepted, post } = await under({ type: 'open', rate: 3_000, seconds: 0.4 }, stalled(800));
  assert.ok(accepted > 1_000, `${accepted} accepted, twice as many as there are connections`);
  assert.ok(post.p50 > 300, `p50 ${post.p50}`);
});

test('in a closed loop the same stall is one sample of each connection', async () => {
  const { accepted, post } = await under({ type: 'closed', connections: 1, seconds: 1 }, stalled(600));
  assert.ok(accepted > 20, `${accepted} accepted`);
  assert.ok(post.p50 < 50, `p50 ${post.p50}`);
  assert.ok(post.max > 500, `max ${post.max}`);
});

test('refusals are counted by status and are owed nothing', async () => {
  let asked = 0;
  const result = await under({ type: 'closed', connections: 2, seconds: 0.3 }, (_, response, id) => {
    asked += 1;
    if (asked % 2 === 0) accept(response, id);
    else response.writeHead(503, { 'Content-Length': 0 }).end();
  });
  assert.is(result.accepted + (result.refused['503'] ?? 0), asked);
  assert.ok(result.accepted > 0);
});

test('a connection that breaks is counted, and another one takes its place', async () => {
  let asked = 0;
  const result = await under({ type: 'closed', connections: 2, seconds: 0.3 }, (request, response, id) => {
    asked += 1;
    if (asked % 5 === 0) request.socket.destroy();
    else accept(response, id);
  });
  assert.ok((result.refused['0'] ?? 0) > 0);
  assert.ok(result.accepted > 4);
});

test('connections are spread over all front doors', async () => {
  const counts = [0, 0, 0];
  const servers = counts.map((_, index) =>
    createServer((request, response) => {
      counts[index] = (counts[index] ?? 0) + 1;
      request.resume();
      accept(response, randomUUID());
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [url = '', ...others] = servers.map((server) => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  try {
    await using load = await Load.open({ url, others, decisions: undefined });
    const { accepted } = await load.run({ type: 'closed', connections: 6, seconds: 0.2 }, drainMaxMs);
    assert.is(
      counts.reduce((sum, count) => sum + count, 0),
      accepted,
    );
    for (const count of counts) assert.ok(count > accepted / 10, counts.join(' '));
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
});

test('decisions are taken off the stream, and those that never come are told', async () => {
  const followers: ServerResponse[] = [];
  let opened = 0;
  const handle: Handle = (request, response, id) => {
    if (request.url === '/events') {
      followers.push(response.writeHead(200));
      response.write(': here\n\n');
      return;
    }
    accept(response, id);
    opened += 1;
    // Of the first transaction nobody ever hears.
    if (opened > 1) for (const follower of followers) follower.write(`data: {"transactionExternalId":"${id}"}\n\n`);
  };
  const { accepted, decided, open, strays } = await under(
    { type: 'closed', connections: 4, seconds: 0.2 },
    handle,
    '/events',
  );
  assert.equal([decided, open, strays], [accepted - 1, 1, 0]);
});

test('reads go round what was accepted, beside writes', async () => {
  const known = new Set<string>();
  const handle: Handle = (request, response, id) => {
    const wanted = request.url?.slice('/transactions/'.length) ?? '';
    if (request.method === 'POST') {
      known.add(id);
      accept(response, id);
    } else response.writeHead(known.has(wanted) ? 200 : 404, { 'Content-Length': 0 }).end();
  };
  const result = await under({ type: 'reads', connections: 2, writesPerSecond: 200, seconds: 0.5 }, handle);
  assert.ok(result.accepted > 50 && result.reads > 50, `${result.accepted} writes, ${result.reads} reads`);
  // Until the first write is answered there is nothing to be found.
  assert.ok((result.refused['404'] ?? 0) < 20);
});

test('a decision may be heard of before its answer, and a second time it is a stray', () => {
  const ledger = new Ledger();
  ledger.decided('a');
  assert.equal([ledger.open, ledger.strays], [0, 1]);
  ledger.accepted('a', performance.now());
  assert.equal([ledger.open, ledger.strays, ledger.decisionMs.length], [0, 0, 1]);
  ledger.accepted('b', performance.now());
  ledger.decided('b');
  ledger.decided('b');
  assert.equal([ledger.open, ledger.strays, ledger.decisionMs.length], [0, 1, 2]);
});

test.run();
