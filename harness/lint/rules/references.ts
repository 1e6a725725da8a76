import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { gatewayGroup, isRoute, isRouteKind } from '../world.ts';
import type { BackendRef, RouteFilter, ServiceObject, World } from '../world.ts';

/** References to Services, and the grants that they need. */
export const referenceRules: Rule[] = [
  { id: 'backend-not-granted', level: 'warning', clause: 'refgrant-required', check: ungrantedBackends },
  {
    id: 'backend-port-not-found',
    level: 'error',
    clause: 'backend-port-is-service-port',
    check: unknownPorts,
  },
  {
    id: 'backend-external-name',
    level: 'warning',
    clause: 'backend-externalname-avoided',
    check: externalNames,
  },
  {
    id: 'backend-protocol',
    level: 'error',
    clause: 'backend-appprotocol-unsupported-status',
    check: otherProtocols,
  },
  backendKindRule(() => false),
  {
    id: 'route-as-backend',
    level: 'warning',
    clause: 'backend-invalid-kind-status',
    check: delegatedRoutes,
  },
  { id: 'backend-name', level: 'error', clause: 'backend-not-found-status', check: impossibleNames },
  {
    id: 'backend-in-other-namespace',
    level: 'warning',
    clause: 'backend-service-forwarding',
    check: foreignServices,
  },
  { id: 'backends-missing', level: 'warning', clause: 'backend-omitted-error', check: missingBackends },
  { id: 'weights-all-zero', level: 'warning', clause: 'weight-all-zero', check: allZero },
];

interface PlacedBackend {
  path: FieldPath;
  ref: BackendRef;
  isMirror: boolean;
}

export function backendsOf({ object }: SourceObject): PlacedBackend[] {
  if (!isRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [], filters }, index): PlacedBackend[] => {
    const rule = ['spec', 'rules', index];
    return [
      ...backendRefs.flatMap((ref, at) => {
        const path = [...rule, 'backendRefs', at];
        return [{ path, ref, isMirror: false }, ...mirrorsOf(ref.filters, path)];
      }),
      ...mirrorsOf(filters, rule),
    ];
  });
}

function mirrorsOf(filters: RouteFilter[] = [], path: FieldPath): PlacedBackend[] {
  return filters.flatMap(({ requestMirror }, at) =>
    requestMirror?.backendRef === undefined
      ? []
      : [
          {
            path: [...path, 'filters', at, 'requestMirror', 'backendRef'],
            ref: requestMirror.backendRef,
            isMirror: true,
          },
        ],
  );
}

function serviceOf(source: SourceObject, { ref }: PlacedBackend, world: World): ServiceObject | undefined {
  if ((ref.kind ?? 'Service') !== 'Service' || (ref.group ?? '') !== '') return undefined;
  const found = world.find('Service', ref.namespace ?? world.namespaceOf(source.object), ref.name);
  return found?.object as ServiceObject | undefined;
}

function ungrantedBackends(source: SourceObject, world: World): Issue[] {
  const own = world.namespaceOf(source.object);
  return backendsOf(source).flatMap(({ path, ref, isMirror }) => {
    const { group = '', kind = 'Service', namespace = own, name = '' } = ref;
    if (namespace === own) return [];
    if (world.isGranted({ kind: source.object.kind ?? '', namespace: own }, { group, kind, namespace, name }))
      return [];
    return [
      {
        path: [...path, 'namespace'],
        message: `no ReferenceGrant in these files lets ${source.object.kind ?? ''} of ${own} refer to ${kind} ${namespace}/${name}: without one ResolvedRefs is False/RefNotPermitted and ${isMirror ? 'nothing is mirrored' : 'its calls get UNAVAILABLE'}`,
        fix: `add a ReferenceGrant to namespace ${namespace}: from ${source.object.kind ?? ''} in ${own}, to ${kind} ${name}`,
      },
    ];
  });
}

function unknownPorts(source: SourceObject, world: World): Issue[] {
  return backendsOf(source).flatMap((backend) => {
    const service = serviceOf(source, backend, world);
    const { port, name = '' } = backend.ref;
    if (service === undefined || service.spec?.type === 'ExternalName' || port === undefined) return [];
    const { ports = [] } = service.spec ?? {};
    if (ports.some((each) => each.port === port)) return [];
    if (ports.length === 0)
      return [
        {
          path: [...backend.path, 'name'],
          message: `Service ${name} has no ports: the reference does not resolve`,
          fix: `write port ${String(port)} into the Service`,
        },
      ];
    return [
      {
        path: [...backend.path, 'port'],
        message: `Service ${name} has no port ${String(port)}: the reference does not resolve`,
        fix: `use the Service's own port, not the pods' targetPort: ${ports.map((each) => String(each.port ?? '')).join(', ')}`,
      },
    ];
  });
}

/** Those that cannot carry HTTP/2 in the clear. */
const unfitProtocols = new Set(['kubernetes.io/ws', 'kubernetes.io/wss']);

function otherProtocols(source: SourceObject, world: World): Issue[] {
  return backendsOf(source).flatMap((backend): Issue[] => {
    const { port: number, name = '' } = backend.ref;
    const ports = (serviceOf(source, backend, world)?.spec?.ports ?? []).filter(
      ({ port }) => port === number,
    );
    if (ports.length === 0) return [];
    const path = [...backend.path, 'port'];
    const overTcp = ports.find(({ protocol = '' }) => protocol === '' || protocol === 'TCP');
    if (overTcp === undefined)
      return [
        {
          path,
          message: `port ${String(number)} of Service ${name} is ${ports[0]?.protocol ?? ''}: ResolvedRefs will be False/UnsupportedProtocol`,
          fix: 'name a port of protocol TCP',
          clause: 'backend-mixed-protocol-port',
        },
      ];
    const { appProtocol = '' } = overTcp;
    if (source.object.kind !== 'GRPCRoute' || !unfitProtocols.has(appProtocol)) return [];
    return [
      {
        path,
        message: `port ${String(number)} of Service ${name} has appProtocol ${appProtocol}, which carries no gRPC: ResolvedRefs will be False/UnsupportedProtocol`,
        fix: 'write appProtocol: kubernetes.io/h2c for the port of the Service',
      },
    ];
  });
}

/** Groups of Kubernetes and of Gateway API, which have no backends but Services; other groups may be the implementation's. */
export const groupsWithoutBackends = new Set([
  '',
  'v1',
  'core',
  'apps',
  'batch',
  'networking.k8s.io',
  gatewayGroup,
]);

/** @param isKnown - whether the product has such backends besides */
export function backendKindRule(isKnown: (ref: BackendRef) => boolean): Rule {
  return {
    id: 'backend-kind',
    level: 'error',
    clause: 'backend-invalid-kind-status',
    check: (source) => otherKinds(source, isKnown),
  };
}

function otherKinds(source: SourceObject, isKnown: (ref: BackendRef) => boolean): Issue[] {
  return backendsOf(source).flatMap(({ path, ref }): Issue[] => {
    const { group = '', kind = 'Service' } = ref;
    if (!groupsWithoutBackends.has(group) || (kind === 'Service' && group === '')) return [];
    if (isRouteKind(ref) || isKnown(ref)) return [];
    const isImport = kind === 'ServiceImport';
    return [
      {
        path: [...path, kind === 'Service' ? 'group' : 'kind'],
        message: `there is no backend of kind ${kind} in ${group === '' ? 'the core group' : `group ${group}`}: ResolvedRefs will be False/InvalidKind`,
        fix: isImport
          ? 'write group: multicluster.x-k8s.io'
          : 'refer to a Service, and leave group and kind away',
        ...(kind === 'Service' ? { clause: 'backend-invalid-group-status' } : {}),
      },
    ];
  });
}

/** Some implementations hand calls on to routes. */
function delegatedRoutes(source: SourceObject): Issue[] {
  return backendsOf(source).flatMap(({ path, ref: { group = '', kind = 'Service' } }): Issue[] =>
    isRouteKind({ group, kind })
      ? [
          {
            path: [...path, 'kind'],
            message: `no implementation has to know ${kind} as a backend: it is route delegation where that is supported, elsewhere ResolvedRefs will be False/InvalidKind`,
            fix: 'make sure that yours supports it, or refer to a Service, and leave group and kind away',
          },
        ]
      : [],
  );
}

/** The schema takes any text, but no Service has such a name. */
function impossibleNames(source: SourceObject): Issue[] {
  return backendsOf(source).flatMap(({ path, ref }) =>
    impossibleName(path, ref, 'ResolvedRefs will be False/BackendNotFound'),
  );
}

/** @param outcome - what comes of it */
export function impossibleName(path: FieldPath, ref: BackendRef, outcome: string): Issue[] {
  if (!isImpossible(ref)) return [];
  const { name = '' } = ref;
  const [service = '', namespace = ''] = name.split('.');
  return [
    {
      path: [...path, 'name'],
      message: `no Service can have the name ${name}: ${outcome}`,
      fix:
        namespace === ''
          ? 'write the name of the Service alone: at most 63 lower-case letters, digits and hyphens'
          : `write name: ${service}, and namespace: ${namespace} if that is another one`,
    },
  ];
}

export function isImpossible({ group = '', kind = 'Service', name = '' }: BackendRef): boolean {
  if (group !== '' || kind !== 'Service') return false;
  return name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

function foreignServices(source: SourceObject, world: World): Issue[] {
  return backendsOf(source).flatMap(({ path, ref }): Issue[] => {
    const { group = '', kind = 'Service', namespace = world.namespaceOf(source.object), name = '' } = ref;
    const found =
      group === '' && kind === 'Service' ? world.elsewhere('Service', namespace, name) : undefined;
    if (found === undefined) return [];
    return [
      {
        path: [...path, ref.namespace === undefined ? 'name' : 'namespace'],
        message: `Service ${name} of these files is in namespace ${found}; this backendRef looks in ${namespace}`,
        fix: `write namespace: ${found}, with a ReferenceGrant there, if that one is meant`,
      },
    ];
  });
}

function externalNames(source: SourceObject, world: World): Issue[] {
  return backendsOf(source).flatMap((backend) =>
    serviceOf(source, backend, world)?.spec?.type === 'ExternalName'
      ? [
          {
            path: [...backend.path, 'name'],
            message: `Service ${backend.ref.name ?? ''} is of type ExternalName, which implementations are advised to refuse`,
            fix: 'use a Service without selector and an EndpointSlice for addresses outside the cluster',
          },
        ]
      : [],
  );
}

function missingBackends({ object }: SourceObject): Issue[] {
  if (!isRoute(object) || object.kind !== 'GRPCRoute') return [];
  // An implementation that knows an ExtensionRef may answer by itself.
  const isExtended = ({ extensionRef }: RouteFilter): boolean => extensionRef !== undefined;
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [], filters = [] }, index) =>
    backendRefs.length > 0 || filters.some(isExtended)
      ? []
      : [
          {
            path: ['spec', 'rules', index],
            message: 'a rule without backendRefs forwards nothing: its calls get an error',
            fix: 'add backendRefs, or remove the rule so that its calls are UNIMPLEMENTED',
          },
        ],
  );
}

function allZero({ object }: SourceObject): Issue[] {
  if (!isRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [] }, index) =>
    backendRefs.length > 0 && backendRefs.every(({ weight }) => weight === 0)
      ? [
          {
            path: ['spec', 'rules', index, 'backendRefs'],
            message: 'all weights are 0: no backend gets a call',
            fix: 'give one of them a weight above 0',
          },
        ]
      : [],
  );
}
