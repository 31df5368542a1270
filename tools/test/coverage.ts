/** Says how much of `src/` the tests ran, in every process that they started, and whether that is enough. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const linesPercentMin = 90;

/** True when enough lines of all files in `src/` were run; the directory is what NODE_V8_COVERAGE named. */
export async function coverageIsEnough(directory: string): Promise<boolean> {
  const c8 = fileURLToPath(new URL('../../node_modules/c8/bin/c8.js', import.meta.url));
  const args = ['report', '--temp-directory', directory, '--all', '--src', 'src', '--include', 'src/**/*.ts'];
  const bar = ['--reporter', 'text-summary', '--check-coverage', '--lines', String(linesPercentMin)];
  const others = ['--branches', '--functions', '--statements'].flatMap((name) => [name, '0']);
  const child = spawn(process.execPath, [c8, ...args, ...bar, ...others], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code === 0;
}
