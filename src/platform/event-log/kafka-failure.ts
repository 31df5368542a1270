/** Reads what kafkajs throws: which errors mean a missing topic, a lost place in the group, or a request that will never be accepted. */
import { Failure } from '../failure.ts';

const refusals: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

const unsettled: ReadonlySet<string> = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);

const lostPlaces: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']);

/** The world's failure in the port's words, with the client's error as its cause. */
export function asFailure(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = causes(error).some(({ type }) => refusals.has(type)) ? 'event_log_refused' : 'event_log_unavailable';
  return new Failure(code, `${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

/** Leaders and coordinators move and load: the same question finds them a moment later. */
export function isUnsettled(error: unknown): boolean {
  return causes(error).some(({ type }) => unsettled.has(type));
}

export function isMissingTopic(error: unknown): boolean {
  return causes(error).some(
    ({ type, message }) =>
      type === 'UNKNOWN_TOPIC_OR_PARTITION' || message.includes('does not host this topic-partition'),
  );
}

/** The broker goes on without this member: what it has in hand belongs to somebody else. */
export function isLostPlace(error: unknown): boolean {
  return causes(error).some(({ type }) => lostPlaces.has(type));
}

/** The group is forming anew and waits for this member. */
export function isRebalance(error: unknown): boolean {
  return causes(error).some(({ type }) => type === 'REBALANCE_IN_PROGRESS' || type === 'NOT_COORDINATOR_FOR_GROUP');
}

type Cause = { readonly type: string; readonly message: string };

/** kafkajs wraps: the type sits on the error, on a cause of it, or on one of several errors of an aggregate. */
function causes(error: unknown, depth = 0): readonly Cause[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const several: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const inner = [error.cause, ...several].flatMap((one) => causes(one, depth + 1));
  return [{ type, message: error.message }, ...inner];
}
