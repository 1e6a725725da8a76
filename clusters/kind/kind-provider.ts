import { mkdirSync } from 'node:fs';
import { findEngine } from '../../common/container-engine.ts';
import { toolPath } from '../../common/tools.ts';
import { checkName } from '../cluster-name.ts';
import { identityOf, isRunning } from '../local/process-identity.ts';
import type { Cluster, ClusterProvider, ClusterStatus, UpOptions } from '../provider.ts';
import { createCluster } from './create-cluster.ts';
import { deleteKindCluster } from './delete-cluster.ts';
import { KindCluster, nodePidOf, nodeState } from './kind-cluster.ts';
import {
  allKindStates,
  claimKindName,
  kindClusterExists,
  kubeconfigOf,
  nodeOf,
  readKindState,
  removeKindState,
  writeKindState,
  type KindState,
} from './kind-state.ts';
import { startGuard } from './start-guard.ts';

/** A cluster of kind: one node in a container of Docker or podman. */
export class KindProvider implements ClusterProvider {
  readonly name = 'kind';

  /** @throws RouteproofError CONTAINER_ENGINE_MISSING, TOOL_MISSING, CLUSTER_EXISTS, CLUSTER_START_FAILED; nothing is left behind */
  async up({ name, lifetime, progress = () => undefined, signal }: UpOptions): Promise<Cluster> {
    checkName(name);
    toolPath('kind');
    const engine = await findEngine();
    await sweepDead();
    const starter = identityOf(process.pid) ?? { pid: process.pid, startTime: '' };
    let state: KindState = { name, lifetime, starter, engine };
    claimKindName(state);
    if ((await nodeState(engine, name)) !== 'none') {
      removeKindState(name);
      throw kindClusterExists(name, `${engine.name} has a container ${nodeOf(name)}`);
    }
    progress(`kind with ${engine.name} ${engine.version}`);
    const guard = startGuard(name, engine);
    try {
      ensureModulesDir();
      const versions = await createCluster({
        engine,
        name,
        progress,
        ...(signal === undefined ? {} : { signal }),
      });
      state = { ...state, versions };
      writeKindState(state);
      if (lifetime === 'detached') guard.release();
      const pid = await nodePidOf(engine, name);
      return new KindCluster(state, pid, lifetime === 'attached' ? guard : undefined);
    } catch (error) {
      await deleteKindCluster(engine, name);
      removeKindState(name);
      guard.release();
      throw error;
    }
  }

  async find(name: string): Promise<Cluster | undefined> {
    checkName(name);
    const state = readKindState(name);
    if (state?.versions === undefined || (await nodeState(state.engine, name)) !== 'running')
      return undefined;
    return new KindCluster(state, await nodePidOf(state.engine, name));
  }

  async list(): Promise<ClusterStatus[]> {
    return Promise.all(allKindStates().map(statusOf));
  }
}

async function statusOf({ name, engine, lifetime, versions }: KindState): Promise<ClusterStatus> {
  const base = { name, provider: 'kind', kubeconfigPath: kubeconfigOf(name) };
  const node = await nodeState(engine, name);
  if (node === 'running' && versions !== undefined)
    return { ...base, state: 'running', detail: `${lifetime}, container ${nodeOf(name)} of ${engine.name}` };
  if (node === 'running') return { ...base, state: 'broken', detail: 'it is being started' };
  return { ...base, state: 'broken', detail: `${engine.name} has no running container ${nodeOf(name)}` };
}

/** Clusters of processes that are gone and whose guards are, too; and what is left of clusters that somebody else has deleted. */
async function sweepDead(): Promise<void> {
  for (const { name, lifetime, starter, engine } of allKindStates()) {
    const isOver =
      !isRunning(starter) && (lifetime === 'attached' || (await nodeState(engine, name)) === 'none');
    if (!isOver) continue;
    await deleteKindCluster(engine, name);
    removeKindState(name);
  }
}

/** kind mounts it into every node, and podman does not make it; Docker does, in the same way. */
function ensureModulesDir(): void {
  if (process.platform === 'linux' && process.getuid?.() === 0)
    mkdirSync('/lib/modules', { recursive: true });
}
