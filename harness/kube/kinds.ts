/** How the API server serves a kind. */
export interface KindInfo {
  kind: string;
  /** `group/version`, or `v1` for the core group. */
  apiVersion: string;
  plural: string;
  namespaced: boolean;
  /** Has the same fields, and is meant where the server does not serve the other one. */
  olderApiVersion?: string;
}

const gatewayApi = 'gateway.networking.k8s.io/v1';

function namespaced(apiVersion: string, kind: string, plural: string): KindInfo {
  return { kind, apiVersion, plural, namespaced: true };
}

function clusterScoped(apiVersion: string, kind: string, plural: string): KindInfo {
  return { kind, apiVersion, plural, namespaced: false };
}

/** Kinds a scenario may name without an apiVersion. Others are found by discovery, see KubeClient.kindInfo. */
const known: KindInfo[] = [
  namespaced(gatewayApi, 'Gateway', 'gateways'),
  namespaced(gatewayApi, 'GRPCRoute', 'grpcroutes'),
  namespaced(gatewayApi, 'HTTPRoute', 'httproutes'),
  {
    ...namespaced(gatewayApi, 'ReferenceGrant', 'referencegrants'),
    // v1 came with Gateway API v1.5.
    olderApiVersion: 'gateway.networking.k8s.io/v1beta1',
  },
  namespaced('gateway.networking.k8s.io/v1', 'BackendTLSPolicy', 'backendtlspolicies'),
  namespaced('gateway.networking.k8s.io/v1', 'ListenerSet', 'listenersets'),
  clusterScoped(gatewayApi, 'GatewayClass', 'gatewayclasses'),
  namespaced('v1', 'Service', 'services'),
  namespaced('v1', 'Secret', 'secrets'),
  namespaced('v1', 'ConfigMap', 'configmaps'),
  namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  namespaced('v1', 'Pod', 'pods'),
  namespaced('v1', 'Event', 'events'),
  namespaced('v1', 'Endpoints', 'endpoints'),
  clusterScoped('v1', 'Namespace', 'namespaces'),
  clusterScoped('v1', 'Node', 'nodes'),
  namespaced('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  namespaced('apps/v1', 'Deployment', 'deployments'),
  namespaced('apps/v1', 'ReplicaSet', 'replicasets'),
  namespaced('apps/v1', 'StatefulSet', 'statefulsets'),
  namespaced('apps/v1', 'DaemonSet', 'daemonsets'),
  namespaced('batch/v1', 'Job', 'jobs'),
  namespaced('coordination.k8s.io/v1', 'Lease', 'leases'),
  clusterScoped('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions'),
  clusterScoped('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles'),
  clusterScoped('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings'),
  namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
];

/** The known kind of that name; undefined when unknown or when `apiVersion` asks for another version than the known one. */
export function knownKind(kind: string, apiVersion?: string): KindInfo | undefined {
  return known.find(
    (info) => info.kind === kind && (apiVersion === undefined || info.apiVersion === apiVersion),
  );
}

/** The URL path of a kind's collection, in one namespace or over all. */
export function collectionPath(info: KindInfo, namespace?: string): string {
  const root = info.apiVersion.includes('/') ? `/apis/${info.apiVersion}` : `/api/${info.apiVersion}`;
  const scope =
    info.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${info.plural}`;
}
