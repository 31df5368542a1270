/** What both textbook services are told in their environment. */

export type TextbookSettings = {
  readonly databaseUrl: string;
  readonly brokers: string[];
  readonly topics: { readonly created: string; readonly decided: string };
  readonly partitions: number;
  /** Partitions that a consumer works on at once: 1 is kafkajs's default. */
  readonly concurrency: number;
  /** Connections to PostgreSQL: 10 is pg's default. */
  readonly poolMax: number;
};

export function textbookSettings(): TextbookSettings {
  const { DATABASE_URL = '', KAFKA_BROKERS = '', TEXTBOOK_PREFIX = '' } = process.env;
  const { TEXTBOOK_CONCURRENCY = '1', TEXTBOOK_POOL = '10' } = process.env;
  return {
    databaseUrl: DATABASE_URL,
    brokers: KAFKA_BROKERS.split(','),
    topics: { created: `${TEXTBOOK_PREFIX}created`, decided: `${TEXTBOOK_PREFIX}decided` },
    partitions: 6,
    concurrency: Number(TEXTBOOK_CONCURRENCY),
    poolMax: Number(TEXTBOOK_POOL),
  };
}
