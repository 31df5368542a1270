/** What went wrong in the world outside, and whether the same call may succeed later. Business outcomes are values, bugs are assertions: neither is a Failure. */
export type FailureCode =
  | 'database_unavailable'
  | 'database_refused'
  | 'database_unusable'
  /** What a reader of the journal asked for is no longer whole. */
  | 'journal_pruned'
  | 'version_conflict'
  | 'event_log_unavailable'
  | 'event_log_refused'
  | 'key_store_unavailable'
  | 'overloaded'
  | 'stopped'
  | 'configuration_invalid'
  | 'data_directory_in_use';

const retryableCodes: ReadonlySet<FailureCode> = new Set([
  'database_unavailable',
  'version_conflict',
  'event_log_unavailable',
  'key_store_unavailable',
  'overloaded',
]);

export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
  }

  /** True where the world may have changed by the next try. */
  get retryable(): boolean {
    return retryableCodes.has(this.code);
  }
}

export function isRetryable(error: unknown): boolean {
  return error instanceof Failure && error.retryable;
}
