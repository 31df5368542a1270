/** Prints the configuration as the Markdown table of the README, from the schema that checks it. */
import { defaultText, describedKeys } from '../src/roles/config/described-keys.ts';

const rows = describedKeys().map(({ key, variable, byDefault, description }) =>
  [`\`${key}\``, variable === null ? '–' : `\`${variable}\``, `\`${defaultText(byDefault)}\``, description].map(cell),
);
const table = [['Key', 'Environment', 'Default', 'What it is, and why'], ['---', '---', '---', '---'], ...rows];
console.log(table.map((row) => `| ${row.join(' | ')} |`).join('\n'));

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
