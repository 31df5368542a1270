/**
 * An array as PostgreSQL's input text for it (PostgreSQL manual, Array Input and Output Syntax), for any element type. The driver's own way looks for quotes and backslashes
 * in every element with two replacements and asks for the type of each again: three times the CPU, for the 13 arrays of every batch of inserts.
 */
import type { SqlScalar } from './database.ts';

export function arrayText(values: readonly SqlScalar[]): string {
  let text = '{';
  for (const value of values) {
    if (text.length > 1) text += ',';
    text += typeof value === 'string' ? quoted(value) : String(value ?? 'NULL');
  }
  return `${text}}`;
}

function quoted(value: string): string {
  return value.includes('"') || value.includes('\\') ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
