/**
 * Runs a batch as a whole, and halves it when the database refuses it, until the faulty items stand alone: each of them is answered with its own Failure,
 * everything else goes through. One bad row must not fail the requests that happened to share its batch.
 */
import { Failure } from '../platform/failure.ts';

export async function eachUntilFine<In, Out>(
  batch: readonly In[],
  work: (part: readonly In[]) => Promise<readonly Out[]>,
): Promise<readonly (Out | Failure)[]> {
  try {
    return await work(batch);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'database_refused') throw error;
    if (batch.length === 1) return [error];
    const half = Math.ceil(batch.length / 2);
    const first = await eachUntilFine(batch.slice(0, half), work);
    return [...first, ...(await eachUntilFine(batch.slice(half), work))];
  }
}
