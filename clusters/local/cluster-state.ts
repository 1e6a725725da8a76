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
import { identityOf, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { clustersDir, stateFiles } from './state-dir.ts';

/** What is kept about a cluster beside its kubeconfig and logs. */
export interface ClusterState {
  name: string;
  lifetime: 'attached' | 'detached';
  /** The process that starts the cluster; until `init` is known, its life is the cluster's. */
  starter: ProcessIdentity;
  /** The first process of the pid namespace, as seen from outside: everything ends with it. */
  init?: ProcessIdentity;
  /** Set when the cluster is ready. */
  versions?: Record<string, string>;
}

export function clusterDir(name: string): string {
  return join(clustersDir(), name);
}

/** Names of all clusters that have a state directory, dead ones too. */
export function knownClusters(): string[] {
  return readdirSync(clustersDir()).filter((name) => existsSync(join(clustersDir(), name, stateFiles.state)));
}

export function readState(name: string): ClusterState | undefined {
  try {
    return JSON.parse(readFileSync(join(clusterDir(name), stateFiles.state), 'utf8')) as ClusterState;
  } catch {
    return undefined;
  }
}

export function writeState(state: ClusterState): void {
  const file = join(clusterDir(state.name), stateFiles.state);
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeState(name: string): void {
  rmSync(clusterDir(name), { recursive: true, force: true });
}

/** Moves the logs of a cluster that did not start to where they stay until the next failure of that name. @returns the place */
export function keepLogs(name: string): string {
  const kept = join(clustersDir(), '..', 'failed-starts', name);
  const logs = join(clusterDir(name), stateFiles.logs);
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(join(kept, '..'), { recursive: true, mode: 0o700 });
  if (existsSync(logs)) renameSync(logs, kept);
  return kept;
}

/** Whether a cluster runs or is being started. */
export function isAlive({ init, starter }: ClusterState): boolean {
  return isRunning(init ?? starter);
}

/** Removes what attached clusters left whose processes and starters are all gone: no later `up` would take their names. */
export function sweepDeadAttached(): void {
  for (const name of knownClusters()) {
    const state = readState(name);
    if (state?.lifetime !== 'attached' || isAlive(state) || isRunning(state.starter)) continue;
    removeState(name);
  }
}

/**
 * Takes the name: makes its state directory, mode 0700, in one step, so that of two that want it at once one gets it. What a dead
 * cluster left is taken away first.
 *
 * @throws RouteproofError CLUSTER_EXISTS
 */
export function claimName(name: string, lifetime: ClusterState['lifetime']): ClusterState {
  const starter = identityOf(process.pid);
  if (starter === undefined) throw new Error('this process cannot see itself in /proc');
  const state: ClusterState = { name, lifetime, starter };
  const existing = readState(name);
  if (existing !== undefined && isAlive(existing)) throw clusterExists(name, existing);
  removeState(name);
  const fresh = mkdtempSync(join(clustersDir(), '.new-'));
  try {
    for (const dir of [stateFiles.logs, stateFiles.private]) mkdirSync(join(fresh, dir), { mode: 0o700 });
    writeFileSync(join(fresh, stateFiles.state), JSON.stringify(state), { mode: 0o600 });
    renameSync(fresh, clusterDir(name));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? clusterExists(name, readState(name)) : error;
  }
  return state;
}

function clusterExists(name: string, state: ClusterState | undefined): RouteproofError {
  const pid = state?.init?.pid ?? state?.starter.pid;
  return new RouteproofError('CLUSTER_EXISTS', 'a cluster of this name is up already', {
    object: `cluster ${name}`,
    seen: `its process ${pid ?? '?'} in ${clusterDir(name)}`,
    hint: `run \`routeproof down --name ${name}\`, or choose another name`,
  });
}
