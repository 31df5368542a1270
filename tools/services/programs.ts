/** Finds programs, and says in one line per missing program how to get it on Debian. */
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** Thrown when services cannot be started on this machine before something is installed. */
export class MissingPrograms extends Error {
  override readonly name = 'MissingPrograms';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('; '));
    this.lines = lines;
  }
}

export async function findProgram(name: string): Promise<string | undefined> {
  const places = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...(await postgresPlaces())];
  for (const place of places) {
    const path = join(place, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export async function requireProgram(name: string, debianPackage: string): Promise<string> {
  const path = await findProgram(name);
  if (path === undefined) throw new MissingPrograms([howToGet(name, debianPackage)]);
  return path;
}

/** What is missing of the given programs (name and Debian package), as lines for a person. */
export async function missingPrograms(needs: readonly (readonly [string, string])[]): Promise<readonly string[]> {
  const found = await Promise.all(needs.map(([name]) => findProgram(name)));
  return needs.flatMap(([name, debianPackage], index) =>
    found[index] === undefined ? howToGet(name, debianPackage) : [],
  );
}

/** The directory of the PostgreSQL that `initdb` belongs to, links resolved, so that all its programs are of one version. */
export async function postgresPrograms(): Promise<string> {
  return dirname(await realpath(await requireProgram('initdb', 'postgresql')));
}

function howToGet(name: string, debianPackage: string): string {
  return `${name} is missing: apt-get install ${debianPackage}`;
}

/** Debian keeps PostgreSQL's own programs out of the PATH, one folder per version; newest first. */
async function postgresPlaces(): Promise<string[]> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
