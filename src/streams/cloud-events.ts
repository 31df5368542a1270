/**
 * Attributes of an event as record headers: CloudEvents 1.0, Kafka protocol binding, binary mode. `traceparent` (W3C Trace Context) travels beside them.
 * No account id is ever among them: headers are copied into dead letters and logs.
 */
import type { Poison } from './poison.ts';
import { poison } from './poison.ts';

export type Attributes = {
  readonly id: string;
  readonly source: string;
  /** Without its version. */
  readonly type: string;
  readonly version: number;
  readonly timeMs: number;
  readonly subject: string;
  readonly traceparent: string | undefined;
};

export function writeHeaders(attributes: Attributes): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0',
    ce_id: attributes.id,
    ce_source: attributes.source,
    ce_type: `${attributes.type}.v${attributes.version}`,
    ce_time: new Date(attributes.timeMs).toISOString(),
    ce_subject: attributes.subject,
    'content-type': 'application/json',
    ...(attributes.traceparent === undefined ? {} : { traceparent: attributes.traceparent }),
  };
}

export function readHeaders(headers: ReadonlyMap<string, Buffer>): Attributes | Poison {
  const text = (name: string): string => {
    const bytes = headers.get(name);
    return bytes === undefined || bytes.length > headerMaxBytes ? '' : bytes.toString();
  };
  const [id, source, subject, timeMs] = [
    text('ce_id'),
    text('ce_source'),
    text('ce_subject'),
    Date.parse(text('ce_time')),
  ];
  const [specversion, typed] = [text('ce_specversion'), /^(.+)\.v(\d{1,6})$/.exec(text('ce_type'))];
  if (id === '' || source === '' || subject === '' || specversion === '' || Number.isNaN(timeMs))
    return poison('bad_headers');
  if (specversion !== '1.0') return poison('unknown_version');
  if (typed === null) return poison(text('ce_type') === '' ? 'bad_headers' : 'unknown_type');
  if (!/^(application\/json\s*(;.*)?)?$/i.test(text('content-type'))) return poison('bad_headers');
  const [, type = '', version = ''] = typed;
  const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(text('traceparent'))?.[0];
  return { id, source, type, version: Number(version), timeMs, subject, traceparent };
}

/** Longer ones are none of ours; ids have some 70 bytes. */
const headerMaxBytes = 512;
