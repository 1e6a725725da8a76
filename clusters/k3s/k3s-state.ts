import { isNodeState, type NodeState } from '../node-container/node-state.ts';
import { StateStore } from '../state-store.ts';

export const k3sStore = new StateStore<NodeState>('k3s', isNodeState);

/** On the container of each cluster, with the cluster's name: by it, and not by the container's name, is deleted what is ours. */
export const clusterLabel = 'routeproof.dev/k3s-cluster';

/** The container that is the cluster's one node. */
export function nodeOf(name: string): string {
  return `routeproof-${name}-k3s`;
}

/** The command that deletes it by hand. */
export function deletionOf(name: string, engine: string): string {
  return `${engine} rm --force --volumes ${nodeOf(name)}`;
}
