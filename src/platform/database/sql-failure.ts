/** Sorts what a driver throws into what may be tried again, what the values are to blame for, and what no value could mend. */
import { Failure } from '../failure.ts';

// SQLSTATE classes (PostgreSQL manual, appendix A). Data and constraint faults: whoever is told may take the record for poison.
const refused = /^(?:21|22|23|44)/;
// Features, prepared statements, passwords, databases, schemas, syntax and access rules: a changed password must not turn good records into dead letters.
const unusable = /^(?:0A|26|28|3D|3F|42)/;

export function toSqlFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : String(error);
  if (state !== undefined && refused.test(state)) {
    return new Failure('database_refused', `the database refuses (${state}): ${message}`, { cause: error });
  }
  if (state !== undefined && unusable.test(state)) {
    return new Failure('database_unusable', `the database cannot be used (${state}): ${message}`, { cause: error });
  }
  return new Failure('database_unavailable', `the database does not answer: ${message}`, { cause: error });
}

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
