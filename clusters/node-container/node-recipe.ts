import type { ContainerEngine } from '../../common/container-engine.ts';
import type { StateStore } from '../state-store.ts';
import type { NodeState } from './node-state.ts';

/** What a cluster is made with. */
export interface Making {
  engine: ContainerEngine;
  name: string;
  progress: (line: string) => void;
  signal?: AbortSignal;
}

/** How one kind of cluster is made whose node is a container: all that NodeProvider does not know. */
export interface NodeRecipe {
  readonly provider: string;
  readonly store: StateStore<NodeState>;
  /** The program that takes an attached cluster away, see guard.ts. */
  readonly guardScript: URL;
  /** The container that is the cluster's one node. */
  nodeOf(name: string): string;
  /** The command with which a person deletes one that we have lost sight of. */
  deletionOf(name: string, engine: string): string;
  /** Before anything is made. @throws RouteproofError */
  check(): void;
  /**
   * Makes the node and its kubeconfig, and waits until the cluster can be used. What is there after a failure is deleted.
   *
   * @returns component versions
   * @throws RouteproofError CLUSTER_START_FAILED
   */
  create(making: Making): Promise<Record<string, string>>;
  /** With its volumes, if there is one. @throws RouteproofError CLUSTER_NOT_CLEAN */
  remove(engine: ContainerEngine, name: string): Promise<void>;
}
