/** Every error answer of Verdict: one table of stable types (RFC 9457). Nothing of the request's content but member names, and nothing of the inside, is ever put into one. */
import { Failure, isRetryable } from '../../platform/failure.ts';
import type { Context, Middleware } from '../context.ts';
import type { HttpLog } from '../log.ts';

export const problemTable = {
  malformed_body: { status: 400, title: 'The body is not JSON' },
  header_repeated: { status: 400, title: 'A header that must be single was sent more than once' },
  host_invalid: { status: 400, title: 'The Host header is missing or not a host' },
  malformed_request: { status: 400, title: 'The request is not HTTP' },
  invalid_query: { status: 400, title: 'The query holds unknown or wrong parameters' },
  idempotency_key_missing: { status: 400, title: 'The Idempotency-Key header is missing' },
  idempotency_key_malformed: { status: 400, title: 'The Idempotency-Key must match ^[A-Za-z0-9_.:-]{8,128}$' },
  idempotency_key_repeated: { status: 400, title: 'More than one Idempotency-Key header was sent' },
  last_event_id_malformed: { status: 400, title: 'The last event id was not made by this service' },
  last_event_id_foreign: { status: 400, title: 'The last event id belongs to another journal' },
  last_event_id_future: { status: 400, title: 'The last event id lies ahead of the journal' },
  last_event_id_unknown: { status: 400, title: 'The last event id is not known' },
  last_event_id_pruned: { status: 400, title: 'What came after the last event id is no longer kept whole' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  scope_missing: { status: 403, title: 'The API key lacks the scope that this needs' },
  not_found: { status: 404, title: 'There is nothing here' },
  transaction_not_found: { status: 404, title: 'There is no such transaction' },
  dead_letter_not_found: { status: 404, title: 'There is no such dead letter' },
  method_not_allowed: { status: 405, title: 'This resource does not know the method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  idempotency_key_in_flight: { status: 409, title: 'A request with this Idempotency-Key is still being worked on' },
  body_too_large: { status: 413, title: 'The body is too large' },
  target_too_long: { status: 414, title: 'The request target is too long' },
  media_type_unsupported: { status: 415, title: 'The body must be application/json in UTF-8, not encoded' },
  expectation_failed: { status: 417, title: 'The expectation cannot be met' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  invalid_transaction: { status: 422, title: 'The transaction is not valid' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used with another body' },
  too_many_streams: { status: 429, title: 'This client has too many event streams open' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong inside' },
  unavailable: { status: 503, title: 'Not possible at the moment; the same request may be sent again' },
  streams_exhausted: { status: 503, title: 'This process has no event stream to give at the moment' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemName = keyof typeof problemTable;

/** Where it is and what is wrong with it: `pointer` into the body (RFC 6901), or `parameter` of the query. */
export type Fault =
  | { readonly pointer: string; readonly code: string; readonly detail: string }
  | { readonly parameter: string; readonly code: string; readonly detail: string };

export type ProblemOptions = {
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** Thrown by routes and middleware, answered by `problems`. */
export class Problem extends Error {
  readonly problem: ProblemName;
  readonly options: ProblemOptions;

  constructor(problem: ProblemName, options: ProblemOptions = {}) {
    super(problemTable[problem].title);
    this.name = 'Problem';
    this.problem = problem;
    this.options = options;
  }
}

export const problemMediaType = 'application/problem+json';

export function problemType(name: ProblemName): string {
  return `urn:verdict:problem:${name.replaceAll('_', '-')}`;
}

export function renderProblem(name: ProblemName, options: ProblemOptions = {}, requestId?: string): string {
  const { status, title } = problemTable[name];
  const { detail, errors } = options;
  return JSON.stringify({ type: problemType(name), title, status, detail, errors, requestId });
}

/** Turns whatever was thrown below into its answer. What is not retryable and not a Problem is a fault of ours: logged once, answered without any detail. */
export function problems(log: HttpLog): Middleware {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const problem = toProblem(error);
      if (problemTable[problem.problem].status >= 500) logFault(log, context, error);
      answer(context, problem);
    }
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isRetryable(error) || (error instanceof Failure && error.code === 'stopped')) {
    return new Problem('unavailable', { headers: { 'Retry-After': '1' } });
  }
  return new Problem('internal');
}

function logFault(log: HttpLog, context: Context, error: unknown): void {
  const { requestId } = context.state;
  // Refused on purpose, and counted by its status: a line for each would answer load with load.
  if (error instanceof Problem) return log.debug({ requestId, problem: error.problem }, 'request refused');
  if (error instanceof Failure) return log.warn({ requestId, code: error.code }, 'request failed');
  log.error({ requestId, err: error }, 'request met a bug');
}

function answer(context: Context, { problem, options }: Problem): void {
  if (context.headerSent) {
    context.res.destroy();
    return;
  }
  for (const name of context.res.getHeaderNames()) if (name !== 'x-request-id') context.remove(name);
  context.status = problemTable[problem].status;
  context.set({ 'Content-Type': problemMediaType, 'Cache-Control': 'no-store', ...options.headers });
  context.body = renderProblem(problem, options, context.state.requestId);
}
