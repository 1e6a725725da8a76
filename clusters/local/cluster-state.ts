import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { isLifetime } from '../provider.ts';
import { StateStore } from '../state-store.ts';
import { isIdentity, isRunning, ownIdentity } from '../host/process-identity.ts';
import type { ProcessIdentity } from '../host/process-identity.ts';
import { clustersDir, stateFiles } from '../host/state-dir.ts';

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

export const localStore = new StateStore<ClusterState>(
  'clusters',
  ({ lifetime, starter, init }) =>
    isLifetime(lifetime) && isIdentity(starter) && (init === undefined || isIdentity(init)),
);

/** Moves the logs of a cluster that did not start to where they stay until the next failure of that name. @returns the place */
export function keepLogs(name: string): string {
  const kept = join(clustersDir(), '..', 'failed-starts', name);
  const logs = join(localStore.dirOf(name), stateFiles.logs);
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
  for (const state of localStore.all().states) {
    if (state.lifetime !== 'attached' || isAlive(state) || isRunning(state.starter)) continue;
    localStore.removeIfStill(state.name, state);
  }
}

/**
 * Takes the name: makes its state directory, mode 0700, in one step, so that of two that want it at once one gets it. What a dead
 * cluster left is taken away.
 *
 * @throws RouteproofError CLUSTER_EXISTS, STATE_UNUSABLE, DISK_FULL
 */
export function claimName(name: string, lifetime: ClusterState['lifetime']): ClusterState {
  const state: ClusterState = { name, lifetime, starter: ownIdentity() };
  const dirs = [stateFiles.logs, stateFiles.private];
  if (localStore.claim(state, { dirs })) return state;
  const existing = localStore.read(name);
  if (existing !== undefined && isAlive(existing)) throw clusterExists(name, existing);
  if (existing !== undefined) localStore.removeIfStill(name, existing);
  if (localStore.claim(state, { dirs })) return state;
  throw clusterExists(name, localStore.read(name));
}

function clusterExists(name: string, state: ClusterState | undefined): RouteproofError {
  const pid = state?.init?.pid ?? state?.starter.pid;
  return new RouteproofError('CLUSTER_EXISTS', 'a cluster of this name is up already', {
    object: `cluster ${name}`,
    seen: `its process ${pid ?? '?'} in ${localStore.dirOf(name)}`,
    hint: `run \`routeproof down --name ${name}\`, or choose another name`,
  });
}
