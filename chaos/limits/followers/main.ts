/** The process of a crowd of followers. */
import { compare, placeOf } from '../../checker/cursor-id.ts';
import type { Place } from '../../checker/cursor-id.ts';
import { sleep } from '../../wait.ts';
import { answerQuestions } from '../child.ts';
import { Follower } from './follower.ts';
import type { Look, Question } from './protocol.ts';

const followers: Follower[] = [];
const tickMs = 10;

answerQuestions(async (question: Question) => {
  switch (question.type) {
    case 'follow':
      return follow(question);
    case 'look':
      return look(question.place);
    case 'transcripts':
      return followers.map(({ transcript }) => transcript);
  }
});

async function follow(asked: Extract<Question, { type: 'follow' }>): Promise<void> {
  const { url, count, paths, lastEventId, stalls, perSecond } = asked;
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    while (index > ((performance.now() - began) * perSecond) / 1_000) await sleep(tickMs);
    followers.push(new Follower({ url, path: paths[index % paths.length] ?? '/events', lastEventId, stalls }));
  }
}

function look(place: Place | undefined): Look {
  const sum = (pick: (follower: Follower) => number): number =>
    followers.reduce((total, follower) => total + pick(follower), 0);
  return {
    open: sum(({ isOpen }) => Number(isOpen)),
    connections: sum(({ connections }) => connections),
    refusals: sum(({ refused }) => refused),
    frames: sum(({ frames }) => frames),
    heartbeatsMin: followers.reduce((least, { heartbeats }) => Math.min(least, heartbeats), Number.MAX_SAFE_INTEGER),
    reached: place === undefined ? 0 : sum((follower) => Number(hasReached(follower, place))),
  };
}

function hasReached({ lastFrameId }: Follower, place: Place): boolean {
  return lastFrameId !== undefined && compare(placeOf(lastFrameId), place) >= 0;
}
