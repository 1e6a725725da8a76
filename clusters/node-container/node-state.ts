import { isEngine, type ContainerEngine } from '../../common/container-engine.ts';
import { isIdentity, type ProcessIdentity } from '../host/process-identity.ts';
import { isLifetime, type Lifetime } from '../provider.ts';

/** What is kept of a cluster whose node is a container, beside its kubeconfig. */
export interface NodeState {
  name: string;
  lifetime: Lifetime;
  /** The process that made it, whose end is the cluster's when it is attached. */
  starter: ProcessIdentity;
  engine: ContainerEngine;
  /** Set when the cluster is ready. */
  versions?: Record<string, string>;
}

export function isNodeState({
  lifetime,
  starter,
  engine,
}: Partial<Record<keyof NodeState, unknown>>): boolean {
  return isLifetime(lifetime) && isIdentity(starter) && isEngine(engine);
}
