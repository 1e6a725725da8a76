import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
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

export interface HeaderMatch {
  type?: string;
  name?: string;
  value?: string;
}

export interface RouteMatch {
  method?: MethodMatch;
  headers?: HeaderMatch[];
}

export interface RouteRule {
  name?: string;
  matches?: RouteMatch[];
  filters?: RouteFilter[];
  backendRefs?: (BackendRef & { filters?: RouteFilter[] })[];
}

interface HeaderModifier {
  set?: { name?: string }[];
  add?: { name?: string }[];
  remove?: string[];
}

export interface RouteFilter {
  type?: string;
  requestMirror?: { backendRef?: BackendRef };
  requestHeaderModifier?: HeaderModifier;
  responseHeaderModifier?: HeaderModifier;
  extensionRef?: { group?: string; kind?: string; name?: string };
}

export interface RouteObject extends KubeObject {
  spec?: { parentRefs?: ParentRef[]; useDefaultGateways?: string; hostnames?: string[]; rules?: RouteRule[] };
}

export interface ListenerSpec {
  name?: string;
  port?: number;
  protocol?: string;
  hostname?: string;
  tls?: { mode?: string; certificateRefs?: BackendRef[]; options?: Record<string, string> };
  allowedRoutes?: {
    namespaces?: NamespaceChoice;
    kinds?: { group?: string; kind?: string }[];
  };
}

/** Which namespaces may attach. */
export interface NamespaceChoice {
  from?: string;
  selector?: LabelSelector;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
}

interface ClientValidation {
  validation?: { caCertificateRefs?: BackendRef[] };
}

export interface GatewayObject extends KubeObject {
  spec?: {
    gatewayClassName?: string;
    listeners?: ListenerSpec[];
    allowedListeners?: { namespaces?: NamespaceChoice };
    tls?: {
      backend?: { clientCertificateRef?: BackendRef };
      frontend?: { default?: ClientValidation; perPort?: { port?: number; tls?: ClientValidation }[] };
    };
  };
}

export interface ListenerSetObject extends KubeObject {
  spec?: { parentRef?: ParentRef; listeners?: ListenerSpec[] };
}

export interface GrantObject extends KubeObject {
  spec?: {
    from?: { group?: string; kind?: string; namespace?: string }[];
    to?: { group?: string; kind?: string; name?: string }[];
  };
}

export interface ServiceObject extends KubeObject {
  spec?: {
    type?: string;
    ports?: { name?: string; port?: number; protocol?: string; appProtocol?: string }[];
  };
}

/** A parentRef of a route to a Gateway or ListenerSet among the manifests, and which of its listeners it names. */
export interface Attachment {
  path: FieldPath;
  ref: ParentRef;
  parent: GatewayObject | ListenerSetObject;
  /** Those that sectionName and port select, whether they admit the route or not. */
  listeners: ListenerSpec[];
}

/** Every Namespace has its name under it. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';
export const gatewayGroup = 'gateway.networking.k8s.io';
const coreKinds = new Set(['Service', 'Secret', 'ConfigMap', 'Namespace']);

/** All manifests that are looked at together: what one refers to may stand in another. */
export class World {
  readonly sources: readonly SourceObject[];
  /** By whose clauses they are judged. */
  readonly release: OfficialRelease;
  readonly #defaultNamespace: string;
  /** By group and kind, and by namespace and name besides: there may be thousands that refer to thousands. */
  readonly #ofKind = new Map<string, SourceObject[]>();
  readonly #named = new Map<string, SourceObject[]>();
  readonly #names = new Map<string, string[]>();
  readonly #anywhere = new Map<string, SourceObject[]>();
  readonly #attachments = new WeakMap<RouteObject, Attachment[]>();

  /** @param namespace - of objects and references that name none */
  constructor(
    sources: readonly SourceObject[],
    {
      namespace = 'default',
      release = officialReleases[0],
    }: { namespace?: string; release?: OfficialRelease } = {},
  ) {
    this.sources = sources;
    this.release = release;
    this.#defaultNamespace = namespace;
    for (const source of sources) {
      const { object } = source;
      const { kind = '', metadata } = object;
      addTo(this.#ofKind, keyOf(groupOf(object), kind), source);
      if (metadata?.name === undefined) continue;
      addTo(this.#named, this.#keyOf(object), source);
      addTo(this.#anywhere, keyOf(groupOf(object), kind, metadata.name), source);
      addTo(this.#names, keyOf(groupOf(object), kind, this.namespaceOf(object)), metadata.name);
    }
  }

  namespaceOf(object: KubeObject): string {
    const { namespace = '' } = object.metadata ?? {};
    return namespace === '' ? this.#defaultNamespace : namespace;
  }

  /** Undefined also when there are two of them: which one will be there is not known. */
  find(kind: string, namespace: string, name: string | undefined): SourceObject | undefined {
    const found = this.all(kind, namespace, name);
    return found.length === 1 ? found[0] : undefined;
  }

  all(kind: string, namespace: string, name: string | undefined): SourceObject[] {
    return this.#named.get(keyOf(homeOf(kind), kind, namespace, name)) ?? [];
  }

  namesIn(kind: string, namespace: string): readonly string[] {
    return this.#names.get(keyOf(homeOf(kind), kind, namespace)) ?? [];
  }

  /** Itself, and others of its group, kind, namespace and name. */
  alike(object: KubeObject): SourceObject[] {
    return this.#named.get(this.#keyOf(object)) ?? [];
  }

  /** Of Gateway API, or of Kubernetes' own: other groups have kinds of these names, too. */
  ofKind(kind: string): SourceObject[] {
    return this.#ofKind.get(keyOf(homeOf(kind), kind)) ?? [];
  }

  /** The namespace where the object stands that is not in the one where it is looked for; undefined when that is not known. */
  elsewhere(kind: string, namespace: string, name: string | undefined): string | undefined {
    if (this.all(kind, namespace, name).length > 0) return undefined;
    const [found] = this.#anywhere.get(keyOf(homeOf(kind), kind, name)) ?? [];
    return found === undefined ? undefined : this.namespaceOf(found.object);
  }

  /** Labels of a Namespace among the manifests; undefined when it is not there, or twice, as nothing can be said then. */
  labelsOf(namespace: string): Record<string, string> | undefined {
    const [found, ...more] = this.ofKind('Namespace').filter(
      ({ object }) => object.metadata?.name === namespace,
    );
    if (found === undefined || more.length > 0) return undefined;
    return { ...found.object.metadata?.labels, [namespaceNameLabel]: namespace };
  }

  /** The parents of a route that are among the manifests. */
  attachmentsOf(route: RouteObject): Attachment[] {
    const known = this.#attachments.get(route) ?? this.#findAttachments(route);
    this.#attachments.set(route, known);
    return known;
  }

  #findAttachments(route: RouteObject): Attachment[] {
    return (route.spec?.parentRefs ?? []).flatMap((ref, index) => {
      const { group = gatewayGroup, kind = 'Gateway', namespace = this.namespaceOf(route), name } = ref;
      if (group !== gatewayGroup) return [];
      const parent = this.find(kind, namespace, name)?.object;
      if (parent === undefined || !hasListeners(parent)) return [];
      const { listeners = [] } = parent.spec ?? {};
      const selected = listeners.filter(
        (listener) =>
          (ref.sectionName === undefined || listener.name === ref.sectionName) &&
          (ref.port === undefined || listener.port === ref.port),
      );
      return [{ path: ['spec', 'parentRefs', index], ref, parent, listeners: selected }];
    });
  }

  #keyOf(object: KubeObject): string {
    return keyOf(groupOf(object), object.kind, this.namespaceOf(object), object.metadata?.name);
  }

  /** Whether a ReferenceGrant among the manifests lets `from` refer to `to`; of one that is written twice the last one counts. */
  isGranted(
    from: { kind: string; namespace: string },
    to: { group: string; kind: string; namespace: string; name: string },
  ): boolean {
    return this.ofKind('ReferenceGrant').some(({ object }) => {
      if (this.namespaceOf(object) !== to.namespace) return false;
      if ((this.alike(object).at(-1)?.object ?? object) !== object) return false;
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

/** What is worked out of all manifests, once. */
export function perWorld<T extends object>(workOut: (world: World) => T): (world: World) => T {
  const known = new WeakMap<World, T>();
  return (world) => {
    const found = known.get(world) ?? workOut(world);
    known.set(world, found);
    return found;
  };
}

export function addTo<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function keyOf(...parts: (string | undefined)[]): string {
  return JSON.stringify(parts);
}

function homeOf(kind: string): string {
  return coreKinds.has(kind) ? '' : gatewayGroup;
}

export function isRoute(object: KubeObject): object is RouteObject {
  return (
    (object.kind === 'GRPCRoute' || object.kind === 'HTTPRoute') &&
    (object.apiVersion ?? '').startsWith(`${gatewayGroup}/`)
  );
}

/** Of a reference. */
export function isRouteKind({ group, kind = '' }: { group?: string; kind?: string }): boolean {
  return group === gatewayGroup && /^(HTTP|GRPC|TLS|TCP|UDP)Route$/.test(kind);
}

export function isGrpcRoute(object: KubeObject): object is RouteObject {
  return isRoute(object) && object.kind === 'GRPCRoute';
}

export function isGateway(object: KubeObject): object is GatewayObject {
  return object.kind === 'Gateway' && groupOf(object) === gatewayGroup;
}

export function isListenerSet(object: KubeObject): object is ListenerSetObject {
  return object.kind === 'ListenerSet' && groupOf(object) === gatewayGroup;
}

/** Gateways and ListenerSets. */
export function hasListeners(object: KubeObject): object is GatewayObject | ListenerSetObject {
  return isGateway(object) || isListenerSet(object);
}

export function groupOf({ apiVersion = '' }: KubeObject): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
