import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { clustersDir } from '../local/state-dir.ts';
import type { UpOptions } from '../provider.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** What is kept of a cluster that is not ours while we use it, beside a kubeconfig of its context alone. */
export interface BorrowedState {
  name: string;
  lifetime: UpOptions['lifetime'];
  /** The process that uses it, for `attached`. */
  pid: number;
  context: string;
  server: string;
  versions: Record<string, string>;
}

function borrowedDir(): string {
  const dir = join(clustersDir(), '..', 'borrowed');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

export function kubeconfigOf(name: string): string {
  return join(borrowedDir(), name, 'kubeconfig');
}

export function readBorrowed(name: string): BorrowedState | undefined {
  try {
    return JSON.parse(readFileSync(join(borrowedDir(), name, 'state.json'), 'utf8')) as BorrowedState;
  } catch {
    return undefined;
  }
}

export function allBorrowed(): BorrowedState[] {
  return readdirSync(borrowedDir()).flatMap((name) => readBorrowed(name) ?? []);
}

/** Credentials that a process left which is gone. */
export function sweepDeadBorrowed(): void {
  for (const { name, lifetime, pid } of allBorrowed())
    if (lifetime === 'attached' && !isRunning(pid)) removeBorrowed(name);
}

export function removeBorrowed(name: string): void {
  rmSync(join(borrowedDir(), name), { recursive: true, force: true });
}

/**
 * Takes the name in one step, with all that belongs to it, readable for its owner alone.
 *
 * @throws RouteproofError CLUSTER_EXISTS
 */
export function claimBorrowed(state: BorrowedState, kubeconfig: Kubeconfig): void {
  const fresh = mkdtempSync(join(borrowedDir(), '.new-'));
  const write = (file: string, content: object): void =>
    writeFileSync(join(fresh, file), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  try {
    write('kubeconfig', kubeconfig);
    write('state.json', state);
    renameSync(fresh, join(borrowedDir(), state.name));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(join(borrowedDir(), state.name))) throw error;
    throw new RouteproofError('CLUSTER_EXISTS', 'a cluster of this name is in use already', {
      object: `cluster ${state.name}`,
      seen: join(borrowedDir(), state.name),
      hint: 'choose another name',
      cause: error,
    });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
