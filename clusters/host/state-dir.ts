import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { diskFull, isDiskFull } from './disk-full.ts';

/** Names of the files in a cluster's state directory. */
export const stateFiles = {
  kubeconfig: 'kubeconfig',
  logs: 'logs',
  /** An empty directory on the host; inside the cluster's mount namespace a tmpfs with all that dies with it. */
  private: 'private',
} as const;

/**
 * The directory that holds one directory for each cluster: under ROUTEPROOF_STATE, else under XDG_STATE_HOME or ~/.local/state,
 * else (a user without a home that can be written, such as `nobody`) under a private directory in the temporary directory.
 *
 * @throws RouteproofError STATE_UNUSABLE - when none of them can be written; DISK_FULL
 */
export function clustersDir(): string {
  const set = process.env['ROUTEPROOF_STATE'];
  if (set !== undefined && set !== '') return ensureWritable(join(set, 'clusters'));
  const xdg = process.env['XDG_STATE_HOME'];
  const base = xdg === undefined || xdg === '' ? join(homedir(), '.local', 'state') : xdg;
  try {
    return ensureWritable(join(base, 'routeproof', 'clusters'));
  } catch {
    return ensureWritable(join(privateTemporaryDir(), 'clusters'));
  }
}

function privateTemporaryDir(): string {
  const uid = process.getuid?.() ?? 0;
  const dir = join(tmpdir(), `routeproof-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Anybody may create this name in /tmp first and would then read the credentials.
  if (statSync(dir).uid !== uid) {
    throw new RouteproofError('STATE_UNUSABLE', 'the state directory belongs to another user', {
      object: dir,
      hint: 'set ROUTEPROOF_STATE to a directory of your own',
    });
  }
  chmodSync(dir, 0o700);
  return dir;
}

/** Makes it where it is missing. @throws RouteproofError STATE_UNUSABLE, DISK_FULL */
export function ensureWritable(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK | constants.X_OK);
    return dir;
  } catch (error) {
    throw isDiskFull(error) ? diskFull(dir, error) : unwritable(dir, error);
  }
}

export function unwritable(dir: string, cause: unknown): RouteproofError {
  return new RouteproofError('STATE_UNUSABLE', 'the state directory cannot be written', {
    object: dir,
    seen: messageOf(cause),
    hint: 'set ROUTEPROOF_STATE to a directory that you can write',
    cause,
  });
}
