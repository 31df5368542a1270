/**
 * Answers, as a problem on the bare socket, what never became a request: bytes that are not HTTP, headers past their limits, requests that do not arrive.
 * What arrives on such a socket afterwards is not carried out: its caller has read a refusal.
 */
import type { RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import type { HttpMetrics } from './http-metrics.ts';
import type { ProblemName } from './middleware/problems.ts';
import { problemMediaType, problemTable, renderProblem } from './middleware/problems.ts';
import type { Clock } from '../platform/clock.ts';

/** The caller may still be sending: closing at once would reset the connection before it has read its answer. */
const lingerMs = 1000;

type Parts = { readonly clock: Clock; readonly metrics: HttpMetrics };

/** Hands every request that may be carried out to `handle`. */
export function answerRequests(server: Server, { clock, metrics }: Parts, handle: RequestListener): void {
  const answered = new WeakSet<Duplex>();
  server.on('request', (request, response) => {
    // The time for a first request counts from the opening of a connection, and may run out in the moment in which it arrives.
    if (answered.has(request.socket)) request.socket.destroy();
    else handle(request, response);
  });
  server.on('clientError', (error: ParserError, socket) => {
    if (answered.has(socket)) return;
    metrics.parserError(error.code ?? 'unknown');
    if (!socket.writable || answerHasBegun(socket)) {
      socket.destroy();
      return;
    }
    answered.add(socket);
    socket.end(rawAnswer(problemOf(error)));
    void destroyLater(socket, clock);
  });
  server.on('checkExpectation', (_request, response) => {
    const body = renderProblem('expectation_failed');
    response.writeHead(417, { 'Content-Type': problemMediaType, 'Content-Length': Buffer.byteLength(body) }).end(body);
  });
}

async function destroyLater(socket: Duplex, clock: Clock): Promise<void> {
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  await clock.sleep(lingerMs, closed.signal);
  socket.destroy();
}

type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

function problemOf({ code, rawPacket }: ParserError): ProblemName {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      // The limit covers the request line too: where the packet holds no line end before it, the target was what is too long.
      return rawPacket !== undefined && isRequestLine(rawPacket) ? 'target_too_long' : 'headers_too_large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'body_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    default:
      return 'malformed_request';
  }
}

function isRequestLine(packet: Buffer): boolean {
  const lineEnd = packet.indexOf('\n');
  return /^[A-Z]+ \//.test(packet.toString('latin1', 0, 16)) && (lineEnd === -1 || lineEnd > 8192);
}

/** A second answer in the middle of the first would be read as a part of it. Node keeps the answer that is being written at this name. */
function answerHasBegun(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, '_httpMessage');
  return typeof message === 'object' && message !== null && 'headersSent' in message && message.headersSent === true;
}

function rawAnswer(name: ProblemName): string {
  const { status, title } = problemTable[name];
  const body = renderProblem(name);
  return [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
