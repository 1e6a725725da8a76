import type { IrGateway } from '../ir/ir.ts';
import type {
  EndpointSlice,
  Gateway,
  GatewayAddress,
  GatewayClass,
  GatewayClassStatus,
  GatewayStatus,
  GrpcRoute,
  HttpRoute,
  Namespace,
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
  grpcRoutes: readonly GrpcRoute[];
  httpRoutes: readonly HttpRoute[];
  referenceGrants: readonly ReferenceGrant[];
  services: readonly Service[];
  endpointSlices: readonly EndpointSlice[];
  secrets: readonly Secret[];
  namespaces: readonly Namespace[];
}

/** What the controller knows about the proxy of one Gateway. */
export interface ProxyState {
  /** Of its LoadBalancer Service; empty as long as it has none. */
  addresses: GatewayAddress[];
  /** At least one proxy pod is ready and has acknowledged the configuration last sent. */
  ready: boolean;
  /** One sentence for the Gateway's Programmed condition while not ready, such as `Deployment has 0 of 1 pods ready`. */
  message?: string;
  /**
   * Resources that Envoy refuses at present (NACKs). `source` is the route or Gateway the resource was made from, where
   * known: IrRoute.source of the route at fault.
   */
  rejected: readonly Rejection[];
}

export interface Rejection {
  source?: { kind: 'GRPCRoute' | 'HTTPRoute' | 'Gateway'; key: string };
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
  | { kind: 'GRPCRoute' | 'HTTPRoute'; namespace: string; name: string; status: RouteStatus };

export interface Translation {
  /** By Gateway key: every Gateway that needs a proxy (accepted, of a class of ours). */
  gateways: Map<string, IrGateway>;
  /** Only objects whose desired status differs from the one they carry. */
  statuses: StatusUpdate[];
}
