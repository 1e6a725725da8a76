/** The parts of Gateway API objects that scenarios read from status. */
import type { KubernetesObject } from '../harness/index.ts';

export interface ConditionStatus {
  type: string;
  status: string;
  reason: string;
  message: string;
  observedGeneration?: number;
  lastTransitionTime: string;
}

export interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

export interface ParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions: ConditionStatus[];
}

export interface BackendRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  port?: number;
  weight?: number;
  filters?: object[];
}

export interface RouteRule {
  name?: string;
  matches?: {
    method?: { type?: string; service?: string; method?: string };
    headers?: { type?: string; name: string; value: string }[];
  }[];
  filters?: { type: string }[];
  backendRefs?: BackendRef[];
}

export interface Route extends KubernetesObject {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: RouteRule[] };
  status?: { parents: ParentStatus[] };
}

export interface Listener {
  name: string;
  port: number;
  protocol: string;
  hostname?: string;
  tls?: {
    mode?: string;
    certificateRefs?: { name: string; namespace?: string; kind?: string; group?: string }[];
  };
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: object };
    kinds?: { group?: string; kind: string }[];
  };
}

export interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds?: { group?: string; kind: string }[];
  conditions: ConditionStatus[];
}

export interface Gateway extends KubernetesObject {
  spec: {
    gatewayClassName: string;
    listeners: Listener[];
    infrastructure?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  };
  status?: {
    addresses?: { type?: string; value: string }[];
    conditions?: ConditionStatus[];
    listeners?: ListenerStatus[];
  };
}

export interface GatewayClass extends KubernetesObject {
  spec: { controllerName: string; parametersRef?: object };
  status?: { conditions?: ConditionStatus[]; supportedFeatures?: { name: string }[] };
}

export interface ReferenceGrant extends KubernetesObject {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

export interface Secret extends KubernetesObject {
  /** Base64. */
  data: Record<string, string>;
}

export interface Service extends KubernetesObject {
  spec: {
    type?: string;
    ports: { name?: string; port: number; targetPort?: number | string; appProtocol?: string }[];
  };
}

export function conditionOf(
  conditions: ConditionStatus[] | undefined,
  type: string,
): ConditionStatus | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The parent entries of a route that `controllerName` wrote. */
export function entriesOf(route: Route, controllerName: string): ParentStatus[] {
  return (route.status?.parents ?? []).filter((entry) => entry.controllerName === controllerName);
}

/** The status of one listener, or undefined while the Gateway has none under that name. */
export function listenerOf(gateway: Gateway, name: string): ListenerStatus | undefined {
  return gateway.status?.listeners?.find((listener) => listener.name === name);
}
