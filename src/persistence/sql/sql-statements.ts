/** The Statements on a Database: PostgreSQL and PGlite run the same SQL. */
import type { Database } from '../../platform/database/database.ts';
import type { Statements } from '../statements.ts';
import {
  knowsCursor,
  loadCursor,
  readHistory,
  readHorizonCursor,
  readJournal,
  readJournalId,
  walkPending,
} from './journal.ts';
import { listTransactions } from './list.ts';
import { countByStatus, loadByKey, loadTransactions, readTransactions, stillPending } from './read.ts';
import { changeTransactions, fixAnswers, openTransactions, saveCursor } from './write.ts';

export function sqlStatements(database: Database): Statements {
  return {
    open: (batch) => openTransactions(database, batch),
    change: (batch) => changeTransactions(database, batch),
    load: (ids) => loadTransactions(database, ids),
    read: (keys) => readTransactions(database, keys),
    loadByKey: (keys) => loadByKey(database, keys),
    fixAnswers: (answers) => fixAnswers(database, answers),
    list: (query) => listTransactions(database, query),
    history: (clientId, id) => readHistory(database, clientId, id),
    readJournal: (after, limit) => readJournal(database, after, limit),
    horizon: () => readHorizonCursor(database),
    knowsCursor: (cursor) => knowsCursor(database, cursor),
    journalId: () => readJournalId(database),
    walkPending: (after, olderThanMs, limit) => walkPending(database, after, { olderThanMs, limit }),
    stillPending: (ids) => stillPending(database, ids),
    loadCursor: (name) => loadCursor(database, name),
    saveCursor: (name, cursor) => saveCursor(database, name, cursor),
    countByStatus: () => countByStatus(database),
  };
}
