/**
 * `node chaos/publish.ts <run> [document]`: puts what a run has shown, with its table of recoveries, between two marks of a document (docs/guarantees.md where none is named),
 * so that nobody writes it by hand. Refuses a run that broke a clause.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { between } from './between.ts';
import type { RunReport } from './report.ts';
import { recoverySection } from './report.ts';

const [directory, document = fileURLToPath(new URL('../docs/guarantees.md', import.meta.url))] = process.argv.slice(2);
if (directory === undefined) {
  console.error('which run? node chaos/publish.ts chaos/results/<run> [document]');
  process.exitCode = 64;
} else {
  const report: RunReport = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'));
  if (report.violations > 0)
    throw new Error(`${directory} has ${report.violations} violations: that is no proof of anything`);
  const text = await readFile(document, 'utf8');
  await writeFile(document, between(text, 'recovery', recoverySection(report)));
}
