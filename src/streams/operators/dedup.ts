/**
 * Keeps repeats away from the effect: ids are looked up before it and marked after it, so that forgetting costs a repeat and never a loss. What is fresh is only marked.
 * A key store that fails is counted and done without; it is waited for no longer than its own time-out.
 */
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { concatMap, EMPTY, from, tap } from 'rxjs';

import type { KeyStore } from '../../platform/key-store/key-store.ts';
import type { Marks } from './marks.ts';

export type DedupOptions<Item> = {
  readonly keys: Pick<KeyStore, 'seen'>;
  readonly set: string;
  /** Of the same set. */
  readonly marks: Pick<Marks, 'has' | 'add'>;
  readonly idOf: (item: Item) => string;
  /** Surely not handled before: not looked up, which is a round trip for each batch. */
  readonly isFresh: (item: Item) => boolean;
  readonly onRepeats?: ((count: number) => void) | undefined;
  readonly onKeysMissing?: ((error: unknown) => void) | undefined;
};

/** `effect` emits the items whose handling is durable: these are to be marked, and passed on. */
export function dedup<Item>(
  options: DedupOptions<Item>,
  effect: (fresh: readonly Item[]) => ObservableInput<readonly Item[]>,
): OperatorFunction<readonly Item[], readonly Item[]> {
  return concatMap((items) =>
    from(unseen(options, items)).pipe(
      concatMap((fresh) => (fresh.length === 0 ? EMPTY : effect(fresh))),
      tap((handled) => options.marks.add(handled.map(options.idOf))),
    ),
  );
}

async function unseen<Item>(options: DedupOptions<Item>, items: readonly Item[]): Promise<readonly Item[]> {
  const met = new Set<string>();
  const firsts = items.filter((item) => {
    const id = options.idOf(item);
    return !options.marks.has(id) && met.size < met.add(id).size;
  });
  const doubtful = firsts.filter((item) => !options.isFresh(item)).map(options.idOf);
  const seen = doubtful.length === 0 ? [] : await lookedUp(options, doubtful);
  const known = new Set(doubtful.filter((_, index) => seen[index] === true));
  const fresh = known.size === 0 ? firsts : firsts.filter((item) => !known.has(options.idOf(item)));
  if (fresh.length < items.length) options.onRepeats?.(items.length - fresh.length);
  return fresh;
}

async function lookedUp<Item>(options: DedupOptions<Item>, ids: readonly string[]): Promise<readonly boolean[]> {
  try {
    return await options.keys.seen(options.set, ids);
  } catch (error) {
    options.onKeysMissing?.(error);
    return [];
  }
}
