/** Sorts what a driver throws into what may be tried again and what the statement itself is to blame for. */
import { Failure } from '../failure.ts';

// SQLSTATE classes (PostgreSQL manual, appendix A): data and constraint faults, syntax and access rules, features not supported.
const refused = /^(?:0A|21|22|23|26|28|3D|3F|42|44)/;

export function toSqlFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : String(error);
  if (state !== undefined && refused.test(state)) {
    return new Failure('database_refused', `the database refuses (${state}): ${message}`, { cause: error });
  }
  return new Failure('database_unavailable', `the database does not answer: ${message}`, { cause: error });
}

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
