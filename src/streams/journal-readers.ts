/** The names of all cursors behind which somebody still reads the journal: nothing may be pruned that one of them has not passed. Who adds a reader adds its name. */
import { pendingCursor } from './pending-walk.ts';
import { floorCursor, relayCursor } from './relay-progress.ts';

export const journalReaders: readonly string[] = [relayCursor, floorCursor, pendingCursor];
