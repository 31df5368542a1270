/** The code of the Failure that the work ends with; anything else it throws comes back as it is. */
import { Failure } from '../../src/platform/failure.ts';

export function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.code : error),
  );
}
