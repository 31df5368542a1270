/** Writes dead letters as JSON values: bytes in base64, beside them the text where they are UTF-8. For operators only, since a record holds account ids. */
import { isUtf8 } from 'node:buffer';

import type { ActionReport, FoundLetter, LetterPage } from './dead-letters.ts';
import type { OperatorAction } from '../persistence/operator-actions.ts';
import type { LetterPlace } from '../platform/event-log/dead-letter.ts';

export function renderLetter({ letter, state, actions }: FoundLetter): object {
  const { place, origin, cause, attempts, setAsideAtMs, key, value, lostValueBytes, headers } = letter;
  const { topic, partition = null, offset } = origin;
  return {
    ...renderPlace(place),
    origin: { topic, partition, offset: offset === undefined ? null : Number(offset) },
    ...{ cause, attempts, setAsideAt: renderTime(setAsideAtMs), state },
    key: renderBytes(key),
    value: renderBytes(value),
    lostValueBytes: lostValueBytes ?? null,
    headers: Object.fromEntries([...headers].map(([name, bytes]) => [name, renderBytes(bytes)])),
    actions: actions.map(renderAction),
  };
}

export function renderLetters({ found, next }: LetterPage): object {
  return { items: found.map(renderLetter), next };
}

export function renderReport({ letters, next }: ActionReport, dryRun: boolean): object {
  const count = (outcome: string): number => letters.filter((one) => one.outcome === outcome).length;
  return {
    dryRun,
    matched: letters.length,
    done: count('done'),
    skipped: count('skipped'),
    failed: count('failed'),
    letters: letters.map(({ place, ...rest }) => ({ ...renderPlace(place), ...rest })),
    next,
  };
}

function renderPlace({ topic, partition, offset }: LetterPlace): object {
  return { topic, partition, offset: Number(offset) };
}

function renderAction({ name, operator, at, outcome }: OperatorAction): object {
  return { action: name, keyId: operator.keyId, client: operator.clientId, at: renderTime(at), outcome };
}

function renderBytes(bytes: Buffer | null): object | null {
  if (bytes === null) return null;
  return { base64: bytes.toString('base64'), text: isUtf8(bytes) ? bytes.toString('utf8') : null };
}

function renderTime(ms: number): string {
  return new Date(ms).toISOString();
}
