/** `GET /events`: the client's transitions from now on, or from where its last stream ended, without a gap or a repeat. */
import type { Api } from '../api.ts';
import type { Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import { Problem } from '../middleware/problems.ts';
import { StreamParameters } from '../schemas.ts';
import { commonTo, passes, streamFilter } from '../sse/filter.ts';
import { lastEventCursor } from '../sse/last-event-id.ts';
import type { EventStreams, StreamPlan } from '../sse/event-streams.ts';
import { queryValidator } from '../validation.ts';

export function events(api: Api, streams: EventStreams): Middleware {
  const validate = queryValidator(StreamParameters);
  return async (context) => {
    const clientId = clientOf(context);
    const validated = validate(context.query);
    if ('faults' in validated) throw new Problem('invalid_query', { errors: validated.faults });
    using taken = new DisposableStack();
    taken.use(streams.take(clientId));
    const position = (await lastEventCursor(api, context, validated.value.lastEventId)) ?? (await api.now());
    const filter = streamFilter(clientId, validated.value);
    const plan: StreamPlan = {
      position,
      announcePosition: true,
      past: [],
      followFrom: position,
      passes: (entry) => passes(filter, entry),
      touching: commonTo(filter),
      isLast: () => false,
    };
    streams.begin(context, plan, taken.move());
  };
}
