/** The topics of this installation, created where they are missing before anybody consumes them. */
import type { EventLog } from '../platform/event-log/event-log.ts';
import type { Topics } from '../streams/topics.ts';
import { topicNames, topicSpecs } from '../streams/topics.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

export function topicsOf({ config }: Pick<Tools, 'config'>): Topics {
  return topicNames(config.eventLog.topicPrefix);
}

export async function topicsReady(tools: Tools, eventLog: EventLog): Promise<void> {
  const specs = topicSpecs(topicsOf(tools), tools.config.eventLog);
  await untilThere(tools, 'the event log', () => eventLog.ensureTopics(specs));
}
