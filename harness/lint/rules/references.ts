import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { isRoute } from '../world.ts';
import type { BackendRef, GrantObject, ServiceObject, World } from '../world.ts';

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
  { id: 'backends-missing', level: 'warning', clause: 'backend-omitted-error', check: missingBackends },
  { id: 'weights-all-zero', level: 'warning', clause: 'weight-all-zero', check: allZero },
  {
    id: 'grant-without-effect',
    level: 'warning',
    clause: 'parentref-referencegrant-not-consulted',
    check: grantsToGateways,
  },
];

interface PlacedBackend {
  path: FieldPath;
  ref: BackendRef;
  isMirror: boolean;
}

function backendsOf({ object }: SourceObject): PlacedBackend[] {
  if (!isRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap((rule, index): PlacedBackend[] => [
    ...(rule.backendRefs ?? []).map((ref, at) => ({
      path: ['spec', 'rules', index, 'backendRefs', at],
      ref,
      isMirror: false,
    })),
    ...(rule.filters ?? []).flatMap(({ requestMirror }, at) =>
      requestMirror?.backendRef === undefined
        ? []
        : [
            {
              path: ['spec', 'rules', index, 'filters', at, 'requestMirror', 'backendRef'],
              ref: requestMirror.backendRef,
              isMirror: true,
            },
          ],
    ),
  ]);
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
    const ports = serviceOf(source, backend, world)?.spec?.ports;
    const { port, name = '' } = backend.ref;
    if (ports === undefined || port === undefined || ports.some((each) => each.port === port)) return [];
    return [
      {
        path: [...backend.path, 'port'],
        message: `Service ${name} has no port ${String(port)}: the reference does not resolve`,
        fix: `use the Service's own port, not the pods' targetPort: ${ports.map((each) => String(each.port ?? '')).join(', ')}`,
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
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [] }, index) =>
    backendRefs.length > 0
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

function grantsToGateways({ object }: SourceObject): Issue[] {
  if (object.kind !== 'ReferenceGrant') return [];
  return ((object as GrantObject).spec?.to ?? []).flatMap(({ kind }, index) =>
    kind === 'Gateway'
      ? [
          {
            path: ['spec', 'to', index],
            message: 'a grant to a Gateway has no effect: which routes may attach is for the listener to say',
            fix: 'set allowedRoutes.namespaces of the listener',
          },
        ]
      : [],
  );
}
