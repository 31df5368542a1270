/** Passes kafkajs's own lines on, one level lower and each text once in a while: during an outage it repeats itself several times a second. */
import { logLevel } from 'kafkajs';
import type { logCreator } from 'kafkajs';
import type { Clock } from '../clock.ts';
import type { LogLevel, LogLine } from './log-line.ts';

const quietMs = 10_000;
const textsMax = 100;

export function quietKafkaLog(clock: Clock, log: LogLine): logCreator {
  const spoken = new Map<string, { readonly at: number; repeated: number }>();
  return () =>
    ({ namespace, level, log: entry }) => {
      const last = spoken.get(entry.message);
      if (last !== undefined && clock.elapsed() - last.at < quietMs) {
        last.repeated += 1;
        return;
      }
      if (spoken.size >= textsMax) spoken.clear();
      spoken.set(entry.message, { at: clock.elapsed(), repeated: 0 });
      const { groupId, broker, topic } = entry;
      log(
        lowered(level),
        { namespace, groupId, broker, topic, repeated: last?.repeated ?? 0 },
        `kafkajs: ${entry.message}`,
      );
    };
}

/** What kafkajs calls an error it rides out by itself, or it reaches us as a rejection. */
function lowered(level: logLevel): LogLevel {
  return level === logLevel.ERROR ? 'warn' : level === logLevel.WARN ? 'info' : 'debug';
}
