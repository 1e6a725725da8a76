import type { KubernetesObject } from '@kubernetes/client-node';

/** An object whose spec and status are read by those who know the kind. */
export interface KubeObject extends KubernetesObject {
  spec?: unknown;
  status?: unknown;
}

/** A Kubernetes condition. */
export interface StatusCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

export interface ParentReference {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

export interface RouteParentStatus {
  parentRef: ParentReference;
  controllerName: string;
  conditions?: StatusCondition[];
}

/** What is read of a GRPCRoute or HTTPRoute. */
export interface Route extends KubeObject {
  spec?: { parentRefs?: ParentReference[]; hostnames?: string[] };
  status?: { parents?: RouteParentStatus[] };
}

export interface GatewayListener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
}

export interface ListenerStatus {
  name: string;
  attachedRoutes?: number;
  conditions?: StatusCondition[];
}

/** What is read of a Gateway. */
export interface Gateway extends KubeObject {
  spec?: { gatewayClassName?: string; listeners?: GatewayListener[] };
  status?: {
    addresses?: { type?: string; value: string }[];
    conditions?: StatusCondition[];
    listeners?: ListenerStatus[];
  };
}

/** What is read of a GatewayClass. */
export interface GatewayClass extends KubeObject {
  spec?: { controllerName?: string };
  status?: { conditions?: StatusCondition[]; supportedFeatures?: (string | { name: string })[] };
}

export function nameOf(object: KubernetesObject): string {
  return object.metadata?.name ?? '';
}

export function generationOf(object: KubernetesObject): number {
  return object.metadata?.generation ?? 0;
}
