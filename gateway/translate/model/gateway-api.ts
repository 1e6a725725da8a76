/**
 * The parts of Gateway API v1 and of core Kubernetes objects that the translator reads, as plain types.
 * Objects come from the API server, so fields that it defaults or requires are still written as optional
 * wherever an object made by hand (a golden file) may leave them out.
 */

interface ObjectMeta {
  name: string;
  namespace?: string;
  generation?: number;
  creationTimestamp?: string | Date;
  labels?: Record<string, string>;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  observedGeneration?: number;
  lastTransitionTime: string | Date;
}

/** Of a CustomResourceDefinition no more is looked at. */
export interface Crd {
  metadata: ObjectMeta & { annotations?: Record<string, string> };
}

export interface GatewayClass {
  metadata: ObjectMeta;
  spec: {
    controllerName: string;
    parametersRef?: { group: string; kind: string; name: string; namespace?: string };
  };
  status?: GatewayClassStatus;
}

export interface GatewayClassStatus {
  conditions?: Condition[];
  supportedFeatures?: { name: string }[];
}

export interface Gateway {
  metadata: ObjectMeta;
  spec: {
    gatewayClassName: string;
    /** Experimental channel: All or None. */
    defaultScope?: string;
    listeners?: Listener[];
    addresses?: { type?: string; value?: string }[];
    allowedListeners?: { namespaces?: { from?: string; selector?: LabelSelector } };
    infrastructure?: {
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
      parametersRef?: { group: string; kind: string; name: string };
    };
    tls?: {
      backend?: { clientCertificateRef?: SecretRef };
      frontend?: {
        default?: { validation?: FrontendValidation };
        perPort?: { port: number; tls?: { validation?: FrontendValidation } }[];
      };
    };
  };
  status?: GatewayStatus;
}

/** FrontendTLSValidation. */
export interface FrontendValidation {
  caCertificateRefs?: { group?: string; kind?: string; name: string; namespace?: string }[];
  mode?: string;
}

export interface Listener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: {
    mode?: string;
    certificateRefs?: SecretRef[];
    options?: Record<string, string>;
  };
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: LabelSelector };
    kinds?: RouteGroupKind[];
  };
}

export interface SecretRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

export interface RouteGroupKind {
  group?: string;
  kind: string;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface GatewayStatus {
  addresses?: GatewayAddress[];
  conditions?: Condition[];
  listeners?: ListenerStatus[];
  attachedListenerSets?: number;
}

export interface GatewayAddress {
  type?: string;
  value: string;
}

export interface ListenerStatus {
  name: string;
  supportedKinds?: RouteGroupKind[];
  attachedRoutes: number;
  conditions: Condition[];
}

export interface ListenerSet {
  metadata: ObjectMeta;
  spec: {
    parentRef: { group?: string; kind?: string; name: string; namespace?: string };
    /** ListenerEntry has the fields of Listener. */
    listeners?: Listener[];
  };
  status?: ListenerSetStatus;
}

export interface ListenerSetStatus {
  conditions?: Condition[];
  /** ListenerEntryStatus has the fields of ListenerStatus. */
  listeners?: ListenerStatus[];
}

export interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

export interface RouteParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions?: Condition[];
}

export interface RouteStatus {
  parents: RouteParentStatus[];
}

interface RouteSpecBase {
  parentRefs?: ParentRef[];
  /** Experimental channel: All or None. */
  useDefaultGateways?: string;
  hostnames?: string[];
}

export interface GrpcRoute {
  metadata: ObjectMeta;
  spec: RouteSpecBase & { rules?: GrpcRouteRule[] };
  status?: RouteStatus;
}

export interface GrpcRouteRule {
  name?: string;
  matches?: GrpcRouteMatch[];
  filters?: RouteFilter[];
  backendRefs?: RouteBackendRef[];
  sessionPersistence?: SessionPersistence;
}

export interface GrpcRouteMatch {
  method?: { type?: string; service?: string; method?: string };
  headers?: ValueMatch[];
}

/** Of the experimental channel. v1.6.3 has sessionName and cookieConfig, v1.7.0 cookie and header instead. */
export interface SessionPersistence {
  type?: string;
  sessionName?: string;
  absoluteTimeout?: string;
  cookieConfig?: { lifetimeType?: string };
  cookie?: { name?: string; lifetimeType?: string; path?: string };
  header?: { name?: string };
}

/** HTTPHeaderMatch, GRPCHeaderMatch and HTTPQueryParamMatch have the same shape. */
export interface ValueMatch {
  type?: string;
  name: string;
  value: string;
}

export interface HttpRoute {
  metadata: ObjectMeta;
  spec: RouteSpecBase & { rules?: HttpRouteRule[] };
  status?: RouteStatus;
}

export interface HttpRouteRule {
  name?: string;
  matches?: HttpRouteMatch[];
  filters?: RouteFilter[];
  backendRefs?: RouteBackendRef[];
  timeouts?: { request?: string; backendRequest?: string };
  retry?: { codes?: number[]; attempts?: number; backoff?: string };
  sessionPersistence?: SessionPersistence;
}

export interface HttpRouteMatch {
  path?: { type?: string; value?: string };
  headers?: ValueMatch[];
  queryParams?: ValueMatch[];
  method?: string;
}

/** HTTPCORSFilter. */
export interface CorsFilter {
  allowOrigins?: string[];
  allowCredentials?: boolean;
  allowMethods?: string[];
  allowHeaders?: string[];
  exposeHeaders?: string[];
  /** Seconds. */
  maxAge?: number;
}

/** GRPCRouteFilter and HTTPRouteFilter; which types are legal where is checked by filters.ts. */
export interface RouteFilter {
  type: string;
  requestHeaderModifier?: HeaderModifier;
  responseHeaderModifier?: HeaderModifier;
  requestMirror?: {
    backendRef: BackendObjectReference;
    percent?: number;
    fraction?: { numerator: number; denominator?: number };
  };
  cors?: CorsFilter;
  requestRedirect?: {
    scheme?: string;
    hostname?: string;
    path?: PathModifier;
    port?: number;
    statusCode?: number;
  };
  urlRewrite?: { hostname?: string; path?: PathModifier };
  extensionRef?: { group: string; kind: string; name: string };
}

export interface HeaderModifier {
  set?: { name: string; value: string }[];
  add?: { name: string; value: string }[];
  remove?: string[];
}

export interface PathModifier {
  type: string;
  replaceFullPath?: string;
  replacePrefixMatch?: string;
}

export interface BackendObjectReference {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
}

export interface RouteBackendRef extends BackendObjectReference {
  weight?: number;
  filters?: RouteFilter[];
}

export interface ReferenceGrant {
  metadata: ObjectMeta;
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

export interface Service {
  metadata: ObjectMeta;
  spec?: {
    type?: string;
    ports?: {
      name?: string;
      port: number;
      protocol?: string;
      appProtocol?: string;
      targetPort?: number | string;
    }[];
  };
}

export interface EndpointSlice {
  metadata: ObjectMeta;
  addressType?: string;
  ports?: { name?: string; port?: number; protocol?: string; appProtocol?: string }[];
  endpoints?: {
    addresses: string[];
    conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
  }[];
}

export interface Secret {
  metadata: ObjectMeta;
  type?: string;
  /** Base64. */
  data?: Record<string, string>;
}

export interface Namespace {
  metadata: ObjectMeta;
}

export interface ConfigMap {
  metadata: ObjectMeta;
  data?: Record<string, string>;
}

export interface BackendTlsPolicy {
  metadata: ObjectMeta;
  spec: {
    targetRefs: PolicyTargetRef[];
    validation: {
      caCertificateRefs?: { group?: string; kind?: string; name: string }[];
      wellKnownCACertificates?: string;
      hostname: string;
      subjectAltNames?: { type: string; hostname?: string; uri?: string }[];
    };
  };
  status?: PolicyStatus;
}

/** LocalPolicyTargetReferenceWithSectionName. */
interface PolicyTargetRef {
  group: string;
  kind: string;
  name: string;
  /** Of a Service: the name of a port. */
  sectionName?: string;
}

export interface PolicyStatus {
  ancestors: PolicyAncestorStatus[];
}

export interface PolicyAncestorStatus {
  ancestorRef: ParentRef;
  controllerName: string;
  conditions: Condition[];
}
