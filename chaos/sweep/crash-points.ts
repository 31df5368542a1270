/** Every place between two durable effects of the ring, and the role whose process passes it. */
import type { Role } from '../../test/support/deployment.ts';

export type CrashPoint = {
  readonly role: Role;
  readonly place: string;
  /** The announcements are dropped, so that the relay has something to send again. */
  readonly unannounced?: true;
};

const aroundBoth = (role: Role, calls: readonly string[]): readonly CrashPoint[] =>
  calls.flatMap((call) => ['before', 'after'].map((side) => ({ role, place: `${call}.${side}` })));

export const crashPoints: readonly CrashPoint[] = [
  ...aroundBoth('front-door', [
    'keys.claim',
    'statements.open',
    'log.append.transactions',
    'keys.put',
    'statements.fixAnswers',
  ]),
  ...aroundBoth('anti-fraud', [
    'log.handle.transactions',
    'keys.seen.screened',
    'log.append.decisions',
    'keys.mark.screened',
  ]),
  ...aroundBoth('settlement', ['log.handle.decisions', 'keys.seen.settled', 'statements.change', 'keys.mark.settled']),
  ...aroundBoth('relay', ['statements.readJournal', 'log.append.settlements', 'statements.saveCursor.relay']),
  ...aroundBoth('relay', ['statements.walkPending', 'log.append.transactions']).map((point): CrashPoint => ({
    ...point,
    unannounced: true,
  })),
];

export const actions = ['kill', 'throw', 'hang'] as const;
export type Action = (typeof actions)[number];
