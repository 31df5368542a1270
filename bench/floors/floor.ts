/** A floor under everything that uses a store: the same driver, asked for one thing only, again and again. */

export type FloorUrls = { readonly DATABASE_URL: string; readonly KAFKA_BROKERS: string; readonly REDIS_URL: string };

export type Floor = {
  /** Does it once, and resolves to how many items that were. */
  readonly step: () => Promise<number>;
  /** Steps under way at once. */
  readonly atOnce: number;
};

export type OpenFloor = (urls: FloorUrls) => Promise<Floor>;

export type FloorResult = { readonly items: number; readonly seconds: number };

export const batchSize = 200;
