/** PostgreSQL refuses to run as root: finds the user to run it as, and whether that user can get to a directory. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { User } from './service.ts';

const candidates = ['postgres', 'nobody'];

/** Nothing when this process is not root: then programs simply run as whoever started them. */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map(parse);
  const user = candidates.map((name) => users.find((one) => one.name === name)).find((one) => one !== undefined);
  if (user === undefined)
    throw new Error(`PostgreSQL does not run as root, and there is no user ${candidates.join(' or ')}`);
  return user;
}

/** Whether the user may pass through a directory and all that is above it. */
export function canReach(directory: string, user: User): boolean {
  const { mode, uid, gid } = statSync(directory);
  const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
  const parent = dirname(resolve(directory));
  return (bits & 1) === 1 && (parent === directory || canReach(parent, user));
}

function parse(line: string): User {
  const [name = '', , uid, gid] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
}
