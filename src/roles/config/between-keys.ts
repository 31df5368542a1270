/** What must hold between keys that are right one by one: roles and the services they need, who may call and from where, limits that contain each other. */
import type { RoleName } from './role-names.ts';
import { roleNotes } from './role-names.ts';
import { pruneProblems } from './prune-keys.ts';
import type { Config } from './schema.ts';

/** Each problem says what to do. */
export function checkBetweenKeys(config: Config): readonly string[] {
  return [...roleProblems(config), ...authProblems(config), ...limitProblems(config), ...pruneProblems(config)];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function roleProblems({ roles, database, eventLog, keyStore }: Config): readonly string[] {
  const alone = roles.find((role) => roleNotes[role].alone === true);
  if (alone !== undefined && roles.length > 1) return [`roles: ${alone} cannot be combined with other roles`];
  const missing = {
    DATABASE_URL: database.url === null,
    KAFKA_BROKERS: eventLog.brokers.length === 0,
    REDIS_URL: keyStore.url === null,
  };
  return roles.flatMap((role: RoleName) => {
    const lacks = roleNotes[role].needs.filter((name) => missing[name]);
    if (lacks.length === 0) return [];
    return [
      `role ${role} needs ${lacks.join(', ')}: set ${lacks.length > 1 ? 'them' : 'it'}, or run --role standalone, which embeds what is not set`,
    ];
  });
}

/** Every role that listens is meant: metrics and health are no business of strangers either. */
function authProblems({ auth, http, roles }: Config): readonly string[] {
  if (roles.includes('migrate') || roles.includes('prune')) return [];
  if (auth.mode === 'none') {
    if (isLoopback(http.host)) return [];
    return [
      `auth.mode none lets everybody in, so it is allowed on a loopback host only, and http.host is ${JSON.stringify(http.host)}: ` +
        'set VERDICT_AUTH_MODE=api-keys with VERDICT_API_KEYS and VERDICT_API_KEY_PEPPER, or HOST=127.0.0.1',
    ];
  }
  const ids = auth.keys.map(({ id }) => id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [
    ...(auth.keys.length === 0 ? ['auth.mode api-keys needs at least one key: set VERDICT_API_KEYS'] : []),
    ...(auth.pepper === null
      ? ['auth.mode api-keys needs a pepper of at least 32 characters: set VERDICT_API_KEY_PEPPER']
      : []),
    ...[...twice].map((id) => `auth.keys: the id ${id} is there twice`),
  ];
}

function limitProblems(config: Config): readonly string[] {
  const { http, actors, database, keyStore, resend, expire, sse } = config;
  return [
    notAbove('http.headersTimeoutMs', http.headersTimeoutMs, 'http.requestTimeoutMs', http.requestTimeoutMs),
    notAbove(
      'database.lockTimeoutMs',
      database.lockTimeoutMs,
      'database.statementTimeoutMs',
      database.statementTimeoutMs,
    ),
    notAbove('keyStore.claimTtlMs', keyStore.claimTtlMs, 'keyStore.idempotencyTtlMs', keyStore.idempotencyTtlMs),
    notAbove('resend.afterMs', resend.afterMs, 'expire.decideWithinMs', expire.decideWithinMs),
    notAbove('resend.batchMax', resend.batchMax, 'resend.stragglersMax', resend.stragglersMax),
    notAbove('sse.clientsMax', sse.clientsMax, 'http.connectionsMax', http.connectionsMax),
    notAbove('http.workingMax', http.workingMax, 'http.inFlightMax', http.inFlightMax),
    // Each request in flight may need an actor of its own: a smaller directory would refuse what the door has let in.
    notAbove('http.inFlightMax', http.inFlightMax, 'actors.directoryMax', actors.directoryMax),
  ].flat();
}

function notAbove(key: string, value: number, limitKey: string, limit: number): readonly string[] {
  return value <= limit ? [] : [`${key} must not be above ${limitKey}; they are ${value} and ${limit}`];
}
