import { join } from 'node:path';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { checkName } from '../cluster-name.ts';
import type { Cluster, ClusterProvider, ClusterStatus, UpOptions } from '../provider.ts';
import { claimName, isAlive, keepLogs, localStore, sweepDeadAttached } from './cluster-state.ts';
import type { ClusterState } from './cluster-state.ts';
import { clusterOf, killNamespace, LocalCluster } from './local-cluster.ts';
import { inotifyWarning } from './inotify.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { startSupervisor } from './start-supervisor.ts';
import { clustersDir, stateFiles } from './state-dir.ts';
import { isDiskFull } from './disk-full.ts';

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
    let state = claim(name, lifetime);
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
    return Promise.resolve(localStore.all().map(statusOf));
  }
}

/** @throws RouteproofError CLUSTER_EXISTS, DISK_FULL */
function claim(name: string, lifetime: UpOptions['lifetime']): ClusterState {
  try {
    return claimName(name, lifetime);
  } catch (error) {
    throw isDiskFull(error) ? diskFull(error) : error;
  }
}

/** What is said to the user, with the place of the logs where they help. They take room, so that none are kept on a full disk. */
function startFailure(error: unknown, name: string): unknown {
  const known = error instanceof RouteproofError ? error : undefined;
  const code = known?.code ?? 'CLUSTER_START_FAILED';
  if (code === 'DISK_FULL' || isDiskFull(error)) return diskFull(error);
  if (code !== 'CLUSTER_START_FAILED') return error;
  const logs = `read the logs in ${keepLogs(name)}`;
  return new RouteproofError(code, known?.what ?? messageOf(error), {
    ...(known?.object !== undefined && { object: known.object }),
    ...(known?.seen !== undefined && { seen: known.seen }),
    hint: known?.hint === undefined ? logs : `${known.hint}; or ${logs}`,
    cause: error,
  });
}

function diskFull(cause: unknown): RouteproofError {
  return new RouteproofError('DISK_FULL', 'no space is left for the state of the cluster', {
    object: clustersDir(),
    seen: messageOf(cause),
    hint: 'make room there, or set ROUTEPROOF_STATE to a directory elsewhere',
    cause,
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
