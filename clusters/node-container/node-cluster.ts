import type { Cluster, ClusterCommand } from '../provider.ts';
import type { NodeRecipe } from './node-recipe.ts';
import type { NodeState } from './node-state.ts';
import type { Guard } from './start-guard.ts';

/** A running cluster whose node is a container. */
export class NodeCluster implements Cluster {
  readonly provider: string;
  readonly logDir = undefined;
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly #recipe: NodeRecipe;
  readonly #state: NodeState;
  readonly #nodePid: number | undefined;
  readonly #guard: Guard | undefined;

  /** @param nodePid - the node's first process as this machine sees it, where we may enter its network */
  constructor(recipe: NodeRecipe, state: NodeState, nodePid: number | undefined, guard?: Guard) {
    this.provider = recipe.provider;
    this.name = state.name;
    this.kubeconfigPath = recipe.store.kubeconfigOf(state.name);
    this.versions = state.versions ?? {};
    this.#recipe = recipe;
    this.#state = state;
    this.#nodePid = nodePid;
    this.#guard = guard;
  }

  /** Why its addresses cannot be dialled from here. */
  get unreachable(): string | undefined {
    if (this.#nodePid !== undefined) return undefined;
    return process.platform === 'linux'
      ? `only root may enter the network of a ${this.provider} node, and the host has no route to the cluster's addresses`
      : "the node runs in a virtual machine, and this machine has no route to the cluster's addresses";
  }

  /** In the node's network namespace, where pods, Services and load balancers have their addresses; else nowhere in particular. */
  command([file, ...args]: readonly [string, ...string[]]): ClusterCommand {
    const env = { KUBECONFIG: this.kubeconfigPath };
    if (this.#nodePid === undefined) return { file, args, env };
    return { file: 'nsenter', args: [`--net=/proc/${this.#nodePid}/ns/net`, '--', file, ...args], env };
  }

  async down(): Promise<void> {
    await this.#recipe.remove(this.#state.engine, this.name);
    this.#recipe.store.remove(this.name);
    this.#guard?.release();
  }
}
