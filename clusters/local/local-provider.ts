import { join } from 'node:path';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { checkName } from '../cluster-name.ts';
import type { Cluster, ClusterProvider, ClusterStatus, UpOptions } from '../provider.ts';
import { statusOfUnreadable } from '../state-store.ts';
import { claimName, isAlive, keepLogs, localStore, sweepDeadAttached } from './cluster-state.ts';
import type { ClusterState } from './cluster-state.ts';
import { clusterOf, killNamespace, LocalCluster } from './local-cluster.ts';
import { inotifyWarning } from './inotify.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { startSupervisor } from './start-supervisor.ts';
import { clustersDir, stateFiles } from '../host/state-dir.ts';
import { diskFull, isDiskFull } from '../host/disk-full.ts';

/** A cluster of real components in namespaces of this machine: no root, no container runtime, no image. */
export class LocalProvider implements ClusterProvider {
  readonly name = 'local';

  async up(options: UpOptions): Promise<Cluster> {
    const { name, lifetime, dns = false, progress = () => undefined } = options;
    checkName(name);
    await checkPrerequisites({ dns });
    const warning = inotifyWarning();
    if (warning !== undefined) progress(`warning: ${warning}`);
    sweepDeadAttached();
    let state = claimName(name, lifetime);
    const remember = (change: Partial<ClusterState>): void => {
      state = { ...state, ...change };
      localStore.update(state);
    };
    const stateDir = localStore.dirOf(name);
    try {
      const { init, versions } = await startSupervisor({
        name,
        lifetime,
        dns,
        stateDir,
        logDir: join(stateDir, stateFiles.logs),
        progress,
        started: (process) => remember({ init: process }),
        answers: () => {
          if (state.init !== undefined) options.answers?.(new LocalCluster(state, state.init));
        },
      });
      remember({ versions });
      return new LocalCluster(state, init);
    } catch (error) {
      if (state.init !== undefined) await killNamespace(state.init);
      const failure = startFailure(error, name);
      localStore.remove(name);
      throw failure;
    }
  }

  find(name: string): Promise<Cluster | undefined> {
    checkName(name);
    const state = localStore.read(name);
    return Promise.resolve(state === undefined ? undefined : clusterOf(state));
  }

  list(): Promise<ClusterStatus[]> {
    const { states, unreadable } = localStore.all();
    const broken = unreadable.map((one) => statusOfUnreadable(this.name, one));
    return Promise.resolve([...states.map(statusOf), ...broken]);
  }
}

/** What is said to the user, with the place of the logs where they help. They take room, so that none are kept on a full disk. */
function startFailure(error: unknown, name: string): unknown {
  const known = error instanceof RouteproofError ? error : undefined;
  const code = known?.code ?? 'CLUSTER_START_FAILED';
  if (code === 'DISK_FULL' || isDiskFull(error)) return diskFull(clustersDir(), error);
  if (code !== 'CLUSTER_START_FAILED') return error;
  const logs = `read the logs in ${keepLogs(name)}`;
  return new RouteproofError(code, known?.what ?? messageOf(error), {
    ...given({ object: known?.object, seen: known?.seen }),
    hint: known?.hint === undefined ? logs : `${known.hint}; or ${logs}`,
    cause: error,
  });
}

function statusOf(state: ClusterState): ClusterStatus {
  const { name, lifetime, init, versions } = state;
  const base = { name, provider: 'local', kubeconfigPath: localStore.kubeconfigOf(name) };
  if (!isAlive(state)) {
    return {
      ...base,
      state: 'broken',
      detail: 'its processes are gone; `up` starts it anew',
    };
  }
  if (versions === undefined) return { ...base, state: 'broken', detail: 'it is being started' };
  return { ...base, state: 'running', detail: `${lifetime}, process ${init?.pid ?? '?'}` };
}
