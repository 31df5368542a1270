/** The operator's desk of a front door, which tells the log what was done at it, and never what the letters say. */
import type { ActionReport, DeadLetters } from '../http/dead-letters.ts';
import { sqlOperatorActions } from '../persistence/sql/operator-actions.ts';
import type { Database } from '../platform/database/database.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { DeadLetterDesk } from '../streams/dead-letters/dead-letter-desk.ts';
import { topicsOf } from './log-topics.ts';
import type { Tools } from './tools.ts';

export type DeskParts = { readonly eventLog: EventLog; readonly database: Database };

export function deadLetters(tools: Tools, { eventLog, database }: DeskParts): DeadLetters {
  const { clock, log } = tools;
  const desk = new DeadLetterDesk({
    ...{ log: eventLog, clock, topics: topicsOf(tools) },
    actions: sqlOperatorActions(database),
  });
  return {
    list: (query) => desk.list(query),
    read: (place) => desk.read(place),
    act: async (request) => {
      const report = await desk.act(request);
      if (report === undefined || typeof report === 'string' || request.dryRun) return report;
      const { name: action, operator, force } = request;
      log.info({ part: 'dead-letters', action, ...operator, force, ...counts(report) }, 'an operator acted');
      return report;
    },
  };
}

function counts({ letters }: ActionReport): Readonly<Record<string, number>> {
  const count = (outcome: string): number => letters.filter((one) => one.outcome === outcome).length;
  return { matched: letters.length, done: count('done'), skipped: count('skipped'), failed: count('failed') };
}
