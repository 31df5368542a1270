/** The roles, in the order of the ring, and which services each needs to be a process of its own. */
export const roleNames = ['standalone', 'front-door', 'relay', 'anti-fraud', 'settlement', 'migrate', 'prune'] as const;

export type RoleName = (typeof roleNames)[number];

export type RoleNotes = {
  readonly does: string;
  /** Environment variables without which its part would be embedded, so that other processes could not see it. */
  readonly needs: readonly ('DATABASE_URL' | 'KAFKA_BROKERS' | 'REDIS_URL')[];
  /** Cannot be combined with others. */
  readonly alone?: true;
};

export const roleNotes: Readonly<Record<RoleName, RoleNotes>> = {
  standalone: { does: 'everything in one process, embedded where no service is named', needs: [], alone: true },
  'front-door': {
    does: 'HTTP API and streams of status changes',
    needs: ['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL'],
  },
  relay: { does: 're-sends, settles what is overdue, publishes settlements', needs: ['DATABASE_URL', 'KAFKA_BROKERS'] },
  'anti-fraud': { does: 'judges opened transactions by the rules', needs: ['KAFKA_BROKERS', 'REDIS_URL'] },
  settlement: { does: 'writes decisions into the database', needs: ['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL'] },
  migrate: { does: 'brings the database schema up to date, and ends', needs: ['DATABASE_URL'], alone: true },
  prune: { does: 'removes old terminal transactions, and ends', needs: [], alone: true },
};
