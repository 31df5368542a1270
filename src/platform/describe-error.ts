/**
 * What may be said of an error outside of the process. Clients of databases and logs hang statements, arguments and rows on their errors: none of that is kept,
 * and UUIDs and passwords are taken out of the texts.
 */
export type DescribedError = {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
};

/** Causes of causes, at the most. */
const depthMax = 5;

export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(textOf(error)) };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: withoutSecrets(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    ...(error.cause === undefined || depth >= depthMax ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>')
    .replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1<hidden>@');
}

/** An object that was thrown may be anything: its type is all that is safe to tell. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : 'not an Error';
}
