/** One event as a record of the log and back. What is read is either wholly valid or poison with its cause; there is nothing in between. */
import { isUtf8 } from 'node:buffer';

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';

import type { LogRecord, NewRecord } from '../platform/event-log/event-log.ts';
import { readHeaders, writeHeaders } from './cloud-events.ts';
import { attemptOf } from './event-ids.ts';
import type { EventKind } from './event-kinds.ts';
import type { Poison } from './poison.ts';
import { poison } from './poison.ts';

export type Envelope<Value> = {
  readonly type: 'envelope';
  /** Where it came from, should it turn out to be poison after all. */
  readonly record: LogRecord;
  readonly id: string;
  /** 0 for what was announced, later for what was sent again. */
  readonly attempt: number;
  readonly timeMs: number;
  readonly traceparent: string | undefined;
  readonly value: Value;
};

export type NewEnvelope<Value> = {
  readonly id: string;
  readonly timeMs: number;
  readonly value: Value;
  readonly traceparent?: string | undefined;
};

export function writeRecord<Value, Data>(
  kind: EventKind<Value, Data>,
  envelope: NewEnvelope<NoInfer<Value>>,
): NewRecord {
  const { id, timeMs, value, traceparent } = envelope;
  const { type, version, source } = kind;
  const subject = kind.subjectOf(value);
  return {
    key: subject,
    value: JSON.stringify(kind.write(value)),
    headers: writeHeaders({ id, source, type, version, timeMs, subject, traceparent }),
  };
}

export function readRecord<Value, Data>(kind: EventKind<Value, Data>, record: LogRecord): Envelope<Value> | Poison {
  if (record.value === null) return poison('tombstone');
  if (record.value.length > valueMaxBytes) return poison('too_large');
  const json = parseJson(record.value);
  if (json === undefined) return poison('bad_json');
  if (json.forbidden) return poison('forbidden_key');
  const attributes = readHeaders(record.headers);
  if ('cause' in attributes) return attributes;
  if (attributes.type !== kind.type) return poison('unknown_type');
  if (attributes.version !== kind.version) return poison('unknown_version');
  if (!isData(kind, json.data)) return poison('bad_schema');
  const value = kind.read(json.data);
  if (value === undefined) return poison('bad_schema');
  const subject = kind.subjectOf(value);
  if (record.key?.toString() !== subject || attributes.subject !== subject) return poison('key_mismatch');
  const attempt = attemptOf(attributes.id, subject);
  if (attempt === undefined) return poison('bad_headers');
  const { id, timeMs, traceparent } = attributes;
  return { type: 'envelope', record, id, attempt, timeMs, traceparent, value };
}

/** Ours have under 1 KiB; the rest of a megabyte is not parsed just to be refused. */
const valueMaxBytes = 64 * 1024;

function parseJson(bytes: Buffer): { readonly data: unknown; readonly forbidden: boolean } | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  try {
    const data: unknown = JSON.parse(text);
    // Walking every value is dear, so only a text that could hold such a name, plainly or escaped, is walked.
    return { data, forbidden: /__proto__|constructor|prototype|\\u/.test(text) && hasForbiddenKey(data) };
  } catch {
    return undefined; // Not JSON: the caller's poison.
  }
}

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Without recursion: 64 KiB of brackets nest deeper than the stack. */
function hasForbiddenKey(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) if (forbiddenKeys.has(key)) return true;
    open.push(...Object.values(value));
  }
  return false;
}

let ajv: Ajv2020 | undefined;
const validators = new Map<unknown, ValidateFunction>();

function isData<Value, Data>(kind: EventKind<Value, Data>, data: unknown): data is Data {
  let validate = validators.get(kind.schema);
  if (validate === undefined) {
    ajv ??= new Ajv2020({ strict: true, allowUnionTypes: true });
    validate = ajv.compile(kind.schema);
    validators.set(kind.schema, validate);
  }
  return validate(data);
}
