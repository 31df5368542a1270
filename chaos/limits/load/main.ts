/** The process of an open loop. */
import { answerQuestions } from '../child.ts';
import { OpenLoop } from './open-loop.ts';
import type { Question } from './protocol.ts';

let loop: OpenLoop | undefined;

answerQuestions(async (question: Question) => {
  switch (question.type) {
    case 'connect':
      loop = new OpenLoop(question.url);
      return loop.open(question.sockets);
    case 'offer':
      if (loop === undefined) throw new Error('an offer before a connection');
      return loop.offer(question);
  }
});
