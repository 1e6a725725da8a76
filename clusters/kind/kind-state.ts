import { isNodeState, type NodeState } from '../node-container/node-state.ts';
import { StateStore } from '../state-store.ts';

export const kindStore = new StateStore<NodeState>('kind', isNodeState);

/** As kind knows it: never a cluster that somebody has made without us. */
export function kindName(name: string): string {
  return `routeproof-${name}`;
}

/** The container that is the cluster's one node. */
export function nodeOf(name: string): string {
  return `${kindName(name)}-control-plane`;
}

/** The command that deletes it by hand. */
export function deletionOf(name: string, engine: string): string {
  return `KIND_EXPERIMENTAL_PROVIDER=${engine} kind delete cluster --name ${kindName(name)}`;
}
