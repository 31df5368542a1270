/** Configuration of what clients meet: HTTP, who they are, and streams of status changes. */
import { Type } from 'typebox';

import { closed, count, oneOf, optionalText, text } from './fields.ts';

export const scopes = ['transactions:write', 'transactions:read', 'events:read', 'ops'] as const;

export const httpSchema = Type.Object(
  {
    host: text('^[^\\s/]+$', {
      description:
        'Address to listen on. Loopback by default, because nobody is authenticated until keys are configured.',
      allowed: 'a host name or an IP address',
    }),
    port: count(0, 65_535, 'TCP port to listen on; every role serves health and metrics there. 0 takes a free one.'),
    bodyMaxBytes: count(
      1024,
      1_048_576,
      'Bytes of a request body at the most (413 past it). A transaction takes less than 400, the rest is room for formatting.',
    ),
    headersMaxBytes: count(
      4096,
      65_536,
      'Bytes of all request headers together at the most (431 past it). The usual size of browsers and proxies.',
    ),
    requestTimeoutMs: count(
      1000,
      300_000,
      'Milliseconds in which a whole request must have arrived: one that trickles in must not hold its socket.',
    ),
    headersTimeoutMs: count(
      1000,
      300_000,
      'Milliseconds in which the headers must have arrived. Not longer than requestTimeoutMs.',
    ),
    keepAliveTimeoutMs: count(
      1000,
      600_000,
      'Milliseconds that an idle connection stays open. Longer than the 60 s of common load balancers, or they send into a closing socket.',
    ),
    waitMaxSeconds: count(
      0,
      300,
      'Seconds that `Prefer: wait` can ask for at the most; below the time-out of common proxies (60 s).',
    ),
    pageMax: count(
      1,
      1000,
      'Transactions in one page of a list at the most; a full page costs the database one index range.',
    ),
    inFlightMax: count(
      10,
      100_000,
      'Requests being answered at once at the most (503 past it), waiting ones included. At 6,000 a second and 50 ms each there are 300.',
    ),
    workingMax: count(
      10,
      100_000,
      'Of these, requests that did not ask to wait, at the most (503 past it): the queue in which every request waits. At 1,000 a second it is one second long.',
    ),
    refusalsPerSecondMax: count(
      100,
      100_000,
      'Requests refused for want of room in a second at the most; a refusal past it comes later. Each costs some 50 µs: together a fifth of a processor, and the rest is for what was accepted.',
    ),
    connectionsMax: count(
      10,
      200_000,
      'TCP connections at the most: all SSE clients, all requests in flight, and some idle ones. Each costs a file descriptor.',
    ),
  },
  closed,
);

const apiKeySchema = Type.Object(
  {
    id: text('^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$', { description: 'Name of the key in logs; never the key itself.' }),
    client: text('^[a-z0-9][a-z0-9-]{0,62}$', {
      description:
        'The client whose transactions the key opens and sees. Several keys may share a client while one replaces another.',
    }),
    hash: text('^[0-9a-f]{64}$', {
      description:
        'HMAC-SHA-256 of the key under the pepper, 64 lower-case hex digits. The key itself is stored nowhere.',
      secret: true,
    }),
    scopes: Type.Array(oneOf(scopes, 'What the key may do.'), {
      minItems: 1,
      uniqueItems: true,
      description: 'What the key may do.',
    }),
  },
  closed,
);

export const authSchema = Type.Object(
  {
    mode: oneOf(
      ['none', 'api-keys'],
      'Who may call. `none` makes everybody the client `local`, and is allowed on a loopback host only.',
    ),
    pepper: optionalText('^.{32,512}$', {
      description:
        'Secret under which API keys are hashed, so that a stolen list of hashes is worth nothing. Needed by `api-keys`.',
      allowed: 'at least 32 characters',
      secret: true,
    }),
    keys: Type.Array(apiKeySchema, {
      maxItems: 10_000,
      description: 'API keys. At least one is needed by `api-keys`; each costs one line of memory.',
      allowed: 'a JSON array of { "id", "client", "hash" (64 hex digits), "scopes" (of ' + scopes.join(', ') + ') }',
      secret: true,
    }),
  },
  closed,
);

export const sseSchema = Type.Object(
  {
    clientsMax: count(
      1,
      100_000,
      'SSE connections of one process at the most (503 past it). A stalled one hides up to 18 MB in socket buffers until it is cut.',
    ),
    clientsPerClientMax: count(
      1,
      100_000,
      'SSE connections of one client at the most (429 past it), so that one cannot take the places of all.',
    ),
    heartbeatMs: count(
      100,
      120_000,
      'Milliseconds between heartbeats on a quiet stream: below the 30–60 s after which proxies close an idle connection.',
    ),
    retryMs: count(
      100,
      60_000,
      'Milliseconds that a client is told to wait before it reconnects; jitter is added, so that a restart does not bring all at once.',
    ),
    stalledMs: count(
      1000,
      600_000,
      'Milliseconds for which a client may take nothing of what is written to it before it is cut. It resumes with its last id.',
    ),
  },
  closed,
);

export const statusFeedSchema = Type.Object(
  {
    ringMax: count(
      100,
      1_000_000,
      'Newest journal entries kept in memory for all SSE clients together: about 3 s at full rate and 1 kB each. Older ones are read from the journal.',
    ),
    pollMs: count(
      10,
      60_000,
      'Milliseconds between looks into the journal when no wake-up arrives: the delay that a lost wake-up costs.',
    ),
  },
  closed,
);
