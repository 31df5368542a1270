/** The names of all cursors behind which somebody still reads the journal: nothing may be pruned that one of them has not passed. Who adds a reader adds its name. */
import { pendingCursor } from '../persistence/cursor.ts';
import { relayCursor, relayFloorCursor } from './relay-progress.ts';

export const journalReaders: readonly string[] = [relayCursor, relayFloorCursor, pendingCursor];
