import type { IrGateway, IrRoute } from '../../ir/ir.ts';
import type {
  BackendTlsPolicy,
  ConfigMap,
  Crd,
  EndpointSlice,
  Gateway,
  GatewayAddress,
  GatewayClass,
  GatewayClassStatus,
  GatewayStatus,
  GrpcRoute,
  HttpRoute,
  ListenerSet,
  ListenerSetStatus,
  Namespace,
  PolicyStatus,
  ReferenceGrant,
  RouteStatus,
  Secret,
  Service,
} from './gateway-api.ts';

/**
 * Every object the translator reads. Objects are never changed in place: a changed object is a new object, an
 * unchanged one is the same object (the memory of Translator is keyed by identity). Order does not matter.
 */
export interface Objects {
  gatewayClasses: readonly GatewayClass[];
  gateways: readonly Gateway[];
  listenerSets: readonly ListenerSet[];
  grpcRoutes: readonly GrpcRoute[];
  httpRoutes: readonly HttpRoute[];
  referenceGrants: readonly ReferenceGrant[];
  services: readonly Service[];
  endpointSlices: readonly EndpointSlice[];
  secrets: readonly Secret[];
  namespaces: readonly Namespace[];
  backendTlsPolicies: readonly BackendTlsPolicy[];
  /** At least those that policies name. */
  configMaps: readonly ConfigMap[];
  /** At least those of Gateway API, with their annotations. */
  crds: readonly Crd[];
}

/** What the controller knows about the proxy of one Gateway. */
export interface ProxyState {
  /** Of its LoadBalancer Service; empty as long as it has none. */
  addresses: GatewayAddress[];
  /**
   * At least one proxy pod is ready and has connected. It must not turn false while each further change is on its way:
   * Programmed would flip with every route.
   */
  ready: boolean;
  /** Ids of the tables that a proxy serves as they are now; undefined: all. */
  served?: readonly string[];
  /** One sentence for the Gateway's Programmed condition while not ready, such as `Deployment has 0 of 1 pods ready`. */
  message?: string;
  /** See Rejection; the translator answers each with a condition. */
  rejected: readonly Rejection[];
}

/**
 * A resource that Envoy refused (NACK). With a route as `source`, the translator leaves that route out of the Gateway's IR
 * and reports it (docs/decisions/refused-routes.md); the rest of the resource then becomes valid again. So an entry with a
 * `source` has to stay in the list until that object has another `generation` or is gone, or the route would come
 * back at once. An entry without `source` stays as long as Envoy refuses the resource; the Gateway is then Programmed=False.
 */
interface Rejection {
  /** IrRoute.source of the route at fault, where it is known (a resource made from one route only). */
  source?: IrRoute['source'];
  /** IrRoute.generation that was refused; the entry is ignored once the object has another one. */
  generation?: number;
  /** Name of the xDS resource. */
  resource: string;
  /** Envoy's error detail. */
  message: string;
}

export interface TranslateInput {
  objects: Objects;
  /** By Gateway key (namespace/name); a Gateway without an entry has no proxy yet. */
  proxies: ReadonlyMap<string, ProxyState>;
  controllerName: string;
  /** RFC 3339, for lastTransitionTime of conditions that change. */
  now: string;
}

/** One status to write; `status` is the whole desired value of the status subresource, other controllers' parts kept. */
export type StatusUpdate =
  | { kind: 'GatewayClass'; name: string; namespace?: never; status: GatewayClassStatus }
  | { kind: 'Gateway'; namespace: string; name: string; status: GatewayStatus }
  | { kind: 'ListenerSet'; namespace: string; name: string; status: ListenerSetStatus }
  | { kind: 'GRPCRoute' | 'HTTPRoute'; namespace: string; name: string; status: RouteStatus }
  | { kind: 'BackendTLSPolicy'; namespace: string; name: string; status: PolicyStatus };

export interface Translation {
  /** By Gateway key: every Gateway that needs a proxy (accepted, of a class of ours). */
  gateways: Map<string, IrGateway>;
  /** By key, the Gateways of accepted classes of ours that no listener is left of: their proxies are to have none either. */
  listenerless: ReadonlySet<string>;
  /** Only objects whose desired status differs from the one they carry. */
  statuses: StatusUpdate[];
  /** Names of GatewayClasses that Gateways use: they are to stay as long as that is so. */
  usedClasses: ReadonlySet<string>;
}
