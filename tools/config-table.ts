/** `npm run config-table [-- --write | --check]`: the configuration as a Markdown table, from the schema that checks it; printed, written into the README between its markers, or compared with what stands there. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { defaultText, describedKeys } from '../src/roles/config/described-keys.ts';

const page = new URL('../README.md', import.meta.url);
const section = /(?<=<!-- configuration -->\n)[^]*?(?=<!-- \/configuration -->)/;
const { values } = parseArgs({ options: { write: { type: 'boolean' }, check: { type: 'boolean' } } });

const text = await readFile(page, 'utf8');
const fresh = text.replace(section, () => `\n${table()}\n\n`);
if (values.write === true) await writeFile(page, fresh);
else if (values.check !== true) console.log(table());
else if (!section.test(text) || text !== fresh) {
  console.error('the configuration table of README.md is not that of the schema: npm run config-table -- --write');
  process.exitCode = 1;
}

function table(): string {
  const rows = describedKeys().map(({ key, variable, byDefault, description }) =>
    [`\`${key}\``, variable === null ? '–' : `\`${variable}\``, `\`${defaultText(byDefault)}\``, description].map(cell),
  );
  const all = [['Key', 'Environment', 'Default', 'What it is, and why'], ['---', '---', '---', '---'], ...rows];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(value: string): string {
  return value.replaceAll('|', '\\|');
}
