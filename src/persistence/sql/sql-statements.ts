/** The Statements on a Database: PostgreSQL and PGlite run the same SQL. */
import type { Database } from '../../platform/database/database.ts';
import type { Statements } from '../statements.ts';
import { loadCursor, lookUpCursor, readHistory, readHorizonCursor, readJournalId, walkPending } from './journal.ts';
import { readJournal } from './journal-page.ts';
import { listTransactions } from './list.ts';
import { OpenedTransactions } from './opened-transactions.ts';
import { prune } from './prune.ts';
import { countByStatus, loadByKey, loadTransactions, readTransactions, stillPending } from './read.ts';
import { changeTransactions, fixAnswers, openTransactions, saveCursor, takeTurn } from './write.ts';

/** Some seconds of a busy process: its readers of the journal come by before. */
const rememberedMax = 5_000;

export function sqlStatements(database: Database, openedMax = rememberedMax): Statements {
  const known = new OpenedTransactions(openedMax);
  return {
    open: async (batch) => {
      const ids = await openTransactions(database, batch);
      for (const { transaction } of batch) if (ids.has(transaction.id)) known.add(transaction);
      return ids;
    },
    change: (batch) => changeTransactions(database, batch),
    load: (ids) => loadTransactions(database, ids),
    read: (keys) => readTransactions(database, keys),
    loadByKey: (keys) => loadByKey(database, keys),
    fixAnswers: (answers) => fixAnswers(database, answers),
    list: (query) => listTransactions(database, query),
    history: (clientId, id) => readHistory(database, clientId, id),
    readJournal: (after, limit, which = 'all') => readJournal(database, known, { after, limit, which }),
    horizon: () => readHorizonCursor(database),
    lookUpCursor: (cursor) => lookUpCursor(database, cursor),
    journalId: () => readJournalId(database),
    walkPending: (after, olderThanMs, limit) => walkPending(database, after, { olderThanMs, limit }),
    stillPending: (ids) => stillPending(database, ids),
    loadCursor: (name) => loadCursor(database, name),
    saveCursor: (name, cursor, turn) => saveCursor(database, name, { cursor, turn }),
    takeTurn: (name) => takeTurn(database, name),
    prune: (range) => prune(database, range),
    countByStatus: () => countByStatus(database),
  };
}
