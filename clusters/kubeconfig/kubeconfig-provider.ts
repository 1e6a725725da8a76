import { checkName } from '../cluster-name.ts';
import type { Cluster, ClusterCommand, ClusterProvider, ClusterStatus, UpOptions } from '../provider.ts';
import { ownIdentity } from '../host/process-identity.ts';
import { statusOfUnreadable } from '../state-store.ts';
import { askVersion } from './ask-version.ts';
import { borrowed, claimBorrowed, sweepDeadBorrowed, type BorrowedState } from './borrowed-state.ts';
import { chooseContext, type ContextWanted } from './choose-context.ts';

/**
 * A cluster that is there already, of a kubeconfig. Nothing is started, and `down` ends nothing but our use of it: what a run makes on
 * it, the run takes away. Its addresses are dialled from where this process runs.
 */
export class KubeconfigProvider implements ClusterProvider {
  readonly name = 'kubeconfig';
  readonly lends = true;
  readonly #wanted: ContextWanted;

  constructor(wanted: ContextWanted = {}) {
    this.#wanted = wanted;
  }

  /** @throws RouteproofError USAGE, INVALID_INPUT, API_UNREACHABLE, API_FORBIDDEN, CLUSTER_EXISTS, STATE_UNUSABLE, DISK_FULL */
  async up({ name, lifetime, progress = () => undefined }: UpOptions): Promise<Cluster> {
    checkName(name);
    const chosen = chooseContext(this.#wanted);
    sweepDeadBorrowed();
    const kubernetes = await askVersion(chosen);
    const { context, server } = chosen;
    progress(`using the cluster of context ${context}: ${server}, Kubernetes ${kubernetes}`);
    const state = { name, lifetime, starter: ownIdentity(), context, server, versions: { kubernetes } };
    claimBorrowed(state, chosen.kubeconfig);
    return new BorrowedCluster(state);
  }

  find(name: string): Promise<Cluster | undefined> {
    checkName(name);
    const state = borrowed.read(name);
    return Promise.resolve(state === undefined ? undefined : new BorrowedCluster(state));
  }

  list(): Promise<ClusterStatus[]> {
    const { states, unreadable } = borrowed.all();
    const statuses = states.map(({ name, context, server }): ClusterStatus => {
      const detail = `context ${context}, ${server}`;
      return {
        name,
        provider: this.name,
        state: 'running',
        detail,
        kubeconfigPath: borrowed.kubeconfigOf(name),
      };
    });
    const broken = unreadable.map((one) => statusOfUnreadable(this.name, one));
    return Promise.resolve([...statuses, ...broken]);
  }
}

class BorrowedCluster implements Cluster {
  readonly provider = 'kubeconfig';
  readonly logDir = undefined;
  readonly name: string;
  readonly title: string;
  readonly kubeconfigPath: string;
  readonly versions: Readonly<Record<string, string>>;

  constructor({ name, context, versions }: BorrowedState) {
    this.name = name;
    this.title = context;
    this.kubeconfigPath = borrowed.kubeconfigOf(name);
    this.versions = versions;
  }

  command([file, ...args]: readonly [string, ...string[]]): ClusterCommand {
    return { file, args, env: { KUBECONFIG: this.kubeconfigPath } };
  }

  down(): Promise<void> {
    borrowed.remove(this.name);
    return Promise.resolve();
  }
}
