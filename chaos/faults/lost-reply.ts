/** The log takes what a role sends, and the reply that says so is lost: whoever sent it cannot know. */
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

export const lostReply: Fault = {
  kind: 'produce-reply-lost',
  breaks: [],
  limitMs: 20_000,
  bar: { says: 'by itself ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  strike: async ({ links }, random) => {
    const role = random.pick(['front-door', 'anti-fraud', 'relay'] as const);
    const count = random.between(1, 5);
    const [link] = links.between({ role, service: 'kafka' });
    link?.dropProduceReplies(count);
    await sleep(random.between(1_000, 3_000));
    link?.mend();
    return { note: `${role}, ${count} replies`, fromMs: Date.now() };
  },
};
