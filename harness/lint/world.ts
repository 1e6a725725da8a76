import type { KubeObject } from '../kube/objects.ts';
import type { FieldPath, SourceObject } from './source.ts';

export interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  sectionName?: string;
  port?: number;
}

export interface BackendRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  port?: number;
  weight?: number;
}

export interface MethodMatch {
  type?: string;
  service?: string;
  method?: string;
}

export interface RouteRule {
  matches?: { method?: MethodMatch; headers?: { type?: string; name?: string; value?: string }[] }[];
  filters?: { type?: string; requestMirror?: { backendRef?: BackendRef } }[];
  backendRefs?: BackendRef[];
}

export interface RouteObject extends KubeObject {
  spec?: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: RouteRule[] };
}

export interface ListenerSpec {
  name?: string;
  port?: number;
  protocol?: string;
  hostname?: string;
  tls?: { mode?: string; certificateRefs?: BackendRef[]; options?: Record<string, string> };
  allowedRoutes?: {
    namespaces?: {
      from?: string;
      selector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown };
    };
    kinds?: { group?: string; kind?: string }[];
  };
}

interface ClientValidation {
  validation?: { caCertificateRefs?: BackendRef[] };
}

export interface GatewayObject extends KubeObject {
  spec?: {
    gatewayClassName?: string;
    listeners?: ListenerSpec[];
    tls?: {
      backend?: { clientCertificateRef?: BackendRef };
      frontend?: { default?: ClientValidation; perPort?: { port?: number; tls?: ClientValidation }[] };
    };
  };
}

export interface GrantObject extends KubeObject {
  spec?: {
    from?: { group?: string; kind?: string; namespace?: string }[];
    to?: { group?: string; kind?: string; name?: string }[];
  };
}

export interface ServiceObject extends KubeObject {
  spec?: { type?: string; ports?: { name?: string; port?: number }[] };
}

/** A parentRef of a route to a Gateway among the manifests, and which of its listeners it names. */
export interface Attachment {
  path: FieldPath;
  ref: ParentRef;
  gateway: GatewayObject;
  /** Those that sectionName and port select, whether they admit the route or not. */
  listeners: ListenerSpec[];
}

export const gatewayGroup = 'gateway.networking.k8s.io';

/** All manifests that are looked at together: what one refers to may stand in another. */
export class World {
  readonly sources: readonly SourceObject[];
  readonly #defaultNamespace: string;

  /** @param defaultNamespace - of objects and references that name none */
  constructor(sources: readonly SourceObject[], defaultNamespace = 'default') {
    this.sources = sources;
    this.#defaultNamespace = defaultNamespace;
  }

  namespaceOf(object: KubeObject): string {
    return object.metadata?.namespace ?? this.#defaultNamespace;
  }

  /** Undefined also when there are two of them: which one will be there is not known. */
  find(kind: string, namespace: string, name: string | undefined): SourceObject | undefined {
    const found = this.all(kind, namespace, name);
    return found.length === 1 ? found[0] : undefined;
  }

  all(kind: string, namespace: string, name: string | undefined): SourceObject[] {
    return this.sources.filter(
      ({ object }) =>
        object.kind === kind && object.metadata?.name === name && this.namespaceOf(object) === namespace,
    );
  }

  ofKind(kind: string): SourceObject[] {
    return this.sources.filter(({ object }) => object.kind === kind);
  }

  /** Labels of a Namespace among the manifests; undefined when it is not there, as nothing can be said then. */
  labelsOf(namespace: string): Record<string, string> | undefined {
    const found = this.sources.find(
      ({ object }) => object.kind === 'Namespace' && object.metadata?.name === namespace,
    );
    if (found === undefined) return undefined;
    return { ...found.object.metadata?.labels, 'kubernetes.io/metadata.name': namespace };
  }

  /** The parents of a route that are among the manifests. */
  attachmentsOf(route: RouteObject): Attachment[] {
    return (route.spec?.parentRefs ?? []).flatMap((ref, index) => {
      if ((ref.kind ?? 'Gateway') !== 'Gateway' || (ref.group ?? gatewayGroup) !== gatewayGroup) return [];
      const gateway = this.find('Gateway', ref.namespace ?? this.namespaceOf(route), ref.name);
      if (gateway === undefined || !isGateway(gateway.object)) return [];
      const { listeners = [] } = gateway.object.spec ?? {};
      const selected = listeners.filter(
        ({ name, port }) =>
          (ref.sectionName === undefined || name === ref.sectionName) &&
          (ref.port === undefined || port === ref.port),
      );
      return [{ path: ['spec', 'parentRefs', index], ref, gateway: gateway.object, listeners: selected }];
    });
  }

  /** Whether a ReferenceGrant among the manifests lets `from` refer to `to`. */
  isGranted(
    from: { kind: string; namespace: string },
    to: { group: string; kind: string; namespace: string; name: string },
  ): boolean {
    return this.ofKind('ReferenceGrant').some(({ object }) => {
      if (this.namespaceOf(object) !== to.namespace) return false;
      const { spec } = object as GrantObject;
      return (
        (spec?.from ?? []).some(
          (each) =>
            each.group === gatewayGroup && each.kind === from.kind && each.namespace === from.namespace,
        ) &&
        (spec?.to ?? []).some(
          (each) =>
            (each.group ?? '') === to.group && each.kind === to.kind && (each.name ?? to.name) === to.name,
        )
      );
    });
  }
}

export function isRoute(object: KubeObject): object is RouteObject {
  return (
    (object.kind === 'GRPCRoute' || object.kind === 'HTTPRoute') &&
    (object.apiVersion ?? '').startsWith(`${gatewayGroup}/`)
  );
}

export function isGrpcRoute(object: KubeObject): object is RouteObject {
  return isRoute(object) && object.kind === 'GRPCRoute';
}

export function isGateway(object: KubeObject): object is GatewayObject {
  return object.kind === 'Gateway' && (object.apiVersion ?? '').startsWith(`${gatewayGroup}/`);
}
