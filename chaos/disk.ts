/** A disk of its own for the services, in memory and small, so that it can be filled without harm to the machine. Needs the right to mount. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const size = '1500m';

export class Disk implements Disposable {
  readonly #root: string;
  readonly #unmountAtExit = (): void => this[Symbol.dispose]();
  #mounted = true;

  private constructor(root: string) {
    this.#root = root;
    process.once('exit', this.#unmountAtExit);
  }

  static mount(): Disk | undefined {
    const root = mkdtempSync(join(tmpdir(), 'verdict-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=711`, 'tmpfs', root], { stdio: 'pipe' });
    } catch {
      rmSync(root, { recursive: true, force: true });
      return undefined;
    }
    const disk = new Disk(root);
    mkdirSync(disk.directory);
    chmodSync(disk.directory, 0o711);
    return disk;
  }

  /** Where the services live. */
  get directory(): string {
    return join(this.#root, 'services');
  }

  /** Takes all the room that there is. */
  async fill(): Promise<void> {
    // It fails when there is no room left, which is what it is for.
    await promisify(execFile)('dd', ['if=/dev/zero', `of=${this.#ballast}`, 'bs=1M']).catch(() => undefined);
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  [Symbol.dispose](): void {
    if (!this.#mounted) return;
    this.#mounted = false;
    process.off('exit', this.#unmountAtExit);
    execFileSync('umount', ['--lazy', this.#root], { stdio: 'pipe' });
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #ballast(): string {
    return join(this.#root, 'ballast');
  }
}
