/** Writes journal entries as frames of an event stream. An entry's frame is rendered once and shared by everybody who may see it. */
import type { JournalCursor } from '../../persistence/cursor.ts';
import type { JournalEntry } from '../../persistence/statements.ts';
import { historyNames, renderTransaction } from '../render.ts';

export type FrameRenderer = (entry: JournalEntry) => string;

/** The cache forgets an entry together with the ring that held it. */
export function frameRenderer(formatCursor: (cursor: JournalCursor) => string): FrameRenderer {
  const rendered = new WeakMap<JournalEntry, string>();
  return (entry) => {
    const known = rendered.get(entry);
    if (known !== undefined) return known;
    const data = renderTransaction(entry.transaction);
    const frame = `id: ${formatCursor(entry.cursor)}\nevent: ${historyNames[entry.event.type]}\ndata: ${data}\n\n`;
    rendered.set(entry, frame);
    return frame;
  };
}

/** Moves the position that an EventSource remembers without dispatching anything. */
export function idFrame(id: string): string {
  return `id: ${id}\n\n`;
}

export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`;
}

export const heartbeatFrame = ': heartbeat\n\n';
