/**
 * The entry of every process: what it does is in process.ts. Compiled code is kept between starts, which spares a start a third of its CPU;
 * not where the temporary directory of the machine would let others put it, and not where coverage is counted, which needs functions compiled anew.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

if (process.env['NODE_V8_COVERAGE'] === undefined) {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/verdict', import.meta.url)));
}
await import('./process.ts');
