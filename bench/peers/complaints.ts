/** What a Verdict process that logs from `warn` upwards has written beside its ready line. */
import type { VerdictProcess } from '../../tools/run/verdict-process.ts';

export function complaintsOf({ role, output }: VerdictProcess): readonly string[] {
  const lines = output().split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('Verdict is ready')).map((line) => `${role}: ${line}`);
}
