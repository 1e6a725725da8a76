import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ClusterCommand } from '../provider.ts';
import { isAlive, localStore } from './cluster-state.ts';
import type { ClusterState } from './cluster-state.ts';
import { enterNamespaces } from './enter-namespaces.ts';
import { identityOf, isRunning } from '../host/process-identity.ts';
import type { ProcessIdentity } from '../host/process-identity.ts';
import { stateFiles } from '../host/state-dir.ts';

const endPollMs = 5;
const endTimeoutMs = 10_000;

/** A running local cluster, seen from outside of its namespaces. */
export class LocalCluster implements Cluster {
  readonly provider = 'local';
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly logDir: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly #init: ProcessIdentity;

  constructor(state: ClusterState, init: ProcessIdentity) {
    const dir = localStore.dirOf(state.name);
    this.name = state.name;
    this.kubeconfigPath = localStore.kubeconfigOf(state.name);
    this.logDir = join(dir, stateFiles.logs);
    this.versions = state.versions ?? {};
    this.#init = init;
  }

  /** The command ends with the cluster, for it is in its pid namespace; it stays in the caller's terminal and process group. */
  command(argv: readonly [string, ...string[]]): ClusterCommand {
    return { ...enterNamespaces(this.#init.pid, argv), env: { KUBECONFIG: this.kubeconfigPath } };
  }

  async down(): Promise<void> {
    await killNamespace(this.#init);
    localStore.remove(this.name);
  }
}

/** The cluster of a state that is alive and ready. */
export function clusterOf(state: ClusterState): LocalCluster | undefined {
  if (state.init === undefined || state.versions === undefined || !isAlive(state)) return undefined;
  return new LocalCluster(state, state.init);
}

/**
 * Kills the first process of a pid namespace; the kernel kills all others before that one can be seen to be gone, and drops the
 * mount and network namespaces with them. There is nothing to shut down in good order: all data goes with it.
 */
export async function killNamespace(init: ProcessIdentity): Promise<void> {
  if (!isRunning(init)) return;
  process.kill(init.pid, 'SIGKILL');
  const deadline = performance.now() + endTimeoutMs;
  while (identityOf(init.pid)?.startTime === init.startTime && performance.now() < deadline)
    await delay(endPollMs);
}
