import type { ContainerEngine } from '../../common/container-engine.ts';
import type { ProcessIdentity } from '../local/process-identity.ts';

/** What is kept of a cluster whose node is a container, beside its kubeconfig. */
export interface NodeState {
  name: string;
  lifetime: 'attached' | 'detached';
  /** The process that made it, whose end is the cluster's when it is attached. */
  starter: ProcessIdentity;
  engine: ContainerEngine;
  /** Set when the cluster is ready. */
  versions?: Record<string, string>;
}
