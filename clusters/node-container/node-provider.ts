import { findEngine } from '../../common/container-engine.ts';
import { RouteproofError } from '../../common/errors.ts';
import { checkName } from '../cluster-name.ts';
import { isRunning, ownIdentity } from '../host/process-identity.ts';
import type { Cluster, ClusterProvider, ClusterStatus, UpOptions } from '../provider.ts';
import { statusOfUnreadable } from '../state-store.ts';
import { NodeCluster } from './node-cluster.ts';
import { nodePidOf, nodeState } from './node-container.ts';
import type { NodeRecipe } from './node-recipe.ts';
import type { NodeState } from './node-state.ts';
import { startGuard } from './start-guard.ts';

/** Clusters of one node, which is a container of Docker or podman: what is the same for each kind of them. */
export class NodeProvider implements ClusterProvider {
  readonly name: string;
  readonly #recipe: NodeRecipe;

  constructor(recipe: NodeRecipe) {
    this.name = recipe.provider;
    this.#recipe = recipe;
  }

  /** @throws RouteproofError CONTAINER_ENGINE_MISSING, TOOL_MISSING, CLUSTER_EXISTS, CLUSTER_START_FAILED, DISK_FULL, STATE_UNUSABLE; nothing is left behind */
  async up({ name, lifetime, progress = () => undefined, signal }: UpOptions): Promise<Cluster> {
    const { store } = this.#recipe;
    checkName(name);
    this.#recipe.check();
    const engine = await findEngine();
    await this.#sweepDead();
    let state: NodeState = { name, lifetime, starter: ownIdentity(), engine };
    await this.#claim(state);
    progress(`${this.name} with ${engine.name} ${engine.version}`);
    const guard = startGuard(this.#recipe.guardScript, name, engine);
    try {
      const making = { engine, name, progress };
      const versions = await this.#recipe.create(signal === undefined ? making : { ...making, signal });
      state = { ...state, versions };
      store.update(state);
      if (lifetime === 'detached') guard.release();
      const pid = await nodePidOf(engine, this.#recipe.nodeOf(name));
      return new NodeCluster(this.#recipe, state, pid, lifetime === 'attached' ? guard : undefined);
    } catch (error) {
      await this.#recipe.remove(engine, name);
      store.remove(name);
      guard.release();
      throw error;
    }
  }

  async find(name: string): Promise<Cluster | undefined> {
    checkName(name);
    const state = this.#recipe.store.read(name);
    const node = this.#recipe.nodeOf(name);
    if (state?.versions === undefined || (await nodeState(state.engine, node)) !== 'running')
      return undefined;
    return new NodeCluster(this.#recipe, state, await nodePidOf(state.engine, node));
  }

  async list(): Promise<ClusterStatus[]> {
    const { states, unreadable } = this.#recipe.store.all();
    const broken = unreadable.map((one) => statusOfUnreadable(this.name, one));
    return [...(await Promise.all(states.map((state) => this.#statusOf(state)))), ...broken];
  }

  /** Never the name of a cluster that somebody has made without us. @throws RouteproofError CLUSTER_EXISTS */
  async #claim(state: NodeState): Promise<void> {
    const { name, engine } = state;
    const { store } = this.#recipe;
    const node = this.#recipe.nodeOf(name);
    if (!store.claim(state)) throw this.#exists(state, store.dirOf(name));
    if ((await nodeState(engine, node)) === 'none') return;
    store.remove(name);
    throw this.#exists(state, `${engine.name} has a container ${node}`);
  }

  #exists({ name, engine }: NodeState, seen: string): RouteproofError {
    const byHand = this.#recipe.deletionOf(name, engine.name);
    return new RouteproofError('CLUSTER_EXISTS', `a ${this.name} cluster of this name is there already`, {
      object: `${this.name} cluster ${name}`,
      seen,
      hint: `run \`routeproof down --cluster ${this.name} --name ${name}\` (or \`${byHand}\`), or choose another name`,
    });
  }

  async #statusOf({ name, engine, lifetime, versions }: NodeState): Promise<ClusterStatus> {
    const node = this.#recipe.nodeOf(name);
    const base = { name, provider: this.name, kubeconfigPath: this.#recipe.store.kubeconfigOf(name) };
    const state = await nodeState(engine, node);
    if (state === 'running' && versions !== undefined)
      return { ...base, state: 'running', detail: `${lifetime}, container ${node} of ${engine.name}` };
    if (state === 'running') return { ...base, state: 'broken', detail: 'it is being started' };
    return { ...base, state: 'broken', detail: `${engine.name} has no running container ${node}` };
  }

  /** Clusters of processes that are gone and whose guards are, too; and what is left of clusters that somebody else has deleted. */
  async #sweepDead(): Promise<void> {
    for (const state of this.#recipe.store.all().states) {
      const { name, lifetime, starter, engine } = state;
      if (isRunning(starter)) continue;
      const isOver =
        lifetime === 'attached' || (await nodeState(engine, this.#recipe.nodeOf(name))) === 'none';
      if (!isOver) continue;
      await this.#recipe.remove(engine, name);
      this.#recipe.store.removeIfStill(name, state);
    }
  }
}
