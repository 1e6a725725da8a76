import { describeObject } from '../../../common/object-key.ts';
import { subdomain } from '../core-schemas.ts';
import { admitsNamespace } from '../namespaces.ts';
import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { gatewayGroup, isGateway, isGrpcRoute, isListenerSet, isRoute, isRouteKind } from '../world.ts';
import type { GatewayObject, ListenerSetObject, ParentRef, ServiceObject, World } from '../world.ts';
import { impossibleName } from './references.ts';

/** Whether parentRefs say what they mean, and whether Gateways take the ListenerSets. */
export const parentRules: Rule[] = [
  { id: 'parents-missing', level: 'warning', check: missingParents },
  {
    id: 'parent-group',
    level: 'error',
    clause: 'parentref-group-kind-default-gateway',
    check: wrongGroups,
  },
  {
    id: 'route-as-parent',
    level: 'warning',
    clause: 'parentref-unsupported-kind-ignored',
    check: delegatingParents,
  },
  {
    id: 'parent-name',
    level: 'error',
    clause: 'parentref-service-mesh-core',
    check: ({ object }) =>
      parentsOf(object).flatMap(({ path, ref }) => [
        ...impossibleName(
          path,
          { group: gatewayGroup, kind: 'Gateway', ...ref },
          'nobody answers for this parent',
        ),
        ...impossibleParent(path, ref),
      ]),
  },
  {
    id: 'class-name',
    level: 'error',
    check: ({ object }) => {
      const { gatewayClassName = '' } = (isGateway(object) ? object.spec : undefined) ?? {};
      return gatewayClassName === '' || isSubdomain(gatewayClassName)
        ? []
        : [
            {
              path: ['spec', 'gatewayClassName'],
              message: `no GatewayClass can have the name ${gatewayClassName}: nobody answers for the Gateway`,
              fix: 'write the name of a GatewayClass: lower-case letters, digits, hyphens and dots',
            },
          ];
    },
  },
  {
    id: 'parent-service-port',
    level: 'error',
    clause: 'parentref-port-not-found',
    check: servicePorts,
  },
  {
    id: 'parent-in-other-namespace',
    level: 'warning',
    clause: 'parentref-namespace-defaults-to-route',
    check: foreignParents,
  },
  {
    id: 'listenerset-not-allowed',
    level: 'error',
    clause: 'listenerset-default-not-allowed',
    check: refusedSets,
  },
];

function isSubdomain(name: string): boolean {
  return name.length <= 253 && new RegExp(subdomain).test(name);
}

function impossibleParent(path: FieldPath, ref: ParentRef): Issue[] {
  const { group = gatewayGroup, kind = 'Gateway', name = '' } = ref;
  if (group !== gatewayGroup || name === '' || isSubdomain(name)) return [];
  return [
    {
      path: [...path, 'name'],
      message: `no ${kind} can have the name ${name}: nobody answers for this parent`,
      fix: `write the name of the ${kind}: lower-case letters, digits, hyphens and dots`,
      clause: 'parentref-group-kind-default-gateway',
    },
  ];
}

/** Of a mesh: the port is one of the Service's own. */
function servicePorts({ object }: SourceObject, world: World): Issue[] {
  return parentsOf(object).flatMap(({ path, ref }): Issue[] => {
    const { group, kind, name = '', namespace = world.namespaceOf(object), port } = ref;
    if (kind !== 'Service' || group !== '' || port === undefined) return [];
    const service = world.find('Service', namespace, name)?.object as ServiceObject | undefined;
    const { ports = [], type } = service?.spec ?? {};
    if (service === undefined || type === 'ExternalName' || ports.some((each) => each.port === port))
      return [];
    return [
      {
        path: [...path, 'port'],
        message: `Service ${name} has no port ${String(port)}: nobody answers for this parent`,
        fix: `use one of the Service's own ports, not the pods' targetPort: ${ports.map((each) => String(each.port ?? '')).join(', ')}`,
      },
    ];
  });
}

function missingParents({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const { parentRefs = [], useDefaultGateways } = object.spec ?? {};
  if (parentRefs.length > 0 || useDefaultGateways !== undefined) return [];
  return [
    {
      path: ['spec', 'parentRefs'],
      message: 'the route has no parentRefs: no Gateway serves it',
      fix: 'name the Gateway in parentRefs',
    },
  ];
}

/** Both have a group of their own, which has to be written for one of them. */
function wrongGroups({ object }: SourceObject): Issue[] {
  return parentsOf(object).flatMap(({ path, ref }): Issue[] => {
    const { group = gatewayGroup, kind = 'Gateway' } = ref;
    if (kind === 'Service' && group !== '')
      return [
        {
          path: [...path, ref.group === undefined ? 'kind' : 'group'],
          message: `there is no Service in group ${group}, which is what a parentRef has without one`,
          fix: 'write group: "" for the Service',
          clause: 'parentref-service-group-explicit',
        },
      ];
    if (isRoute(object) && isRouteKind({ group, kind })) return [];
    const isParent = kind === 'Gateway' || (kind === 'ListenerSet' && isRoute(object));
    if (group === gatewayGroup && !isParent)
      return [
        {
          path: [...path, 'kind'],
          message: `a ${object.kind ?? ''} has no parents of kind ${kind}: nobody answers for this one`,
          fix: 'name a Gateway, and leave kind away',
        },
      ];
    if (!isParent || group !== '') return [];
    return [
      {
        path: [...path, 'group'],
        message: `${kind} is not in the core group: nobody answers for this parent`,
        fix: `leave group away, or write ${gatewayGroup}`,
      },
    ];
  });
}

/** Some implementations have routes take calls from routes. */
function delegatingParents({ object }: SourceObject): Issue[] {
  if (!isRoute(object)) return [];
  return parentsOf(object).flatMap(({ path, ref: { group = gatewayGroup, kind = 'Gateway' } }): Issue[] =>
    isRouteKind({ group, kind })
      ? [
          {
            path: [...path, 'kind'],
            message: `no implementation has to know ${kind} as a parent: it is route delegation where that is supported, elsewhere nobody answers for this one`,
            fix: 'make sure that yours supports it, or name a Gateway, and leave kind away',
          },
        ]
      : [],
  );
}

function foreignParents({ object }: SourceObject, world: World): Issue[] {
  return parentsOf(object).flatMap(({ path, ref }): Issue[] => {
    const { group = gatewayGroup, kind = 'Gateway', namespace = world.namespaceOf(object), name = '' } = ref;
    const found = group === gatewayGroup ? world.elsewhere(kind, namespace, name) : undefined;
    if (found === undefined) return [];
    return [
      {
        path: [...path, ref.namespace === undefined ? 'name' : 'namespace'],
        message: `${kind} ${name} of these files is in namespace ${found}; this parentRef looks in ${namespace}`,
        fix: `write namespace: ${found} if that one is meant`,
      },
    ];
  });
}

/** Of a route or a ListenerSet. */
export function parentsOf(object: SourceObject['object']): { path: FieldPath; ref: ParentRef }[] {
  if (isListenerSet(object)) return [{ path: ['spec', 'parentRef'], ref: object.spec?.parentRef ?? {} }];
  if (!isRoute(object)) return [];
  return (object.spec?.parentRefs ?? []).map((ref, index) => ({ path: ['spec', 'parentRefs', index], ref }));
}

function refusedSets({ object }: SourceObject, world: World): Issue[] {
  if (!isListenerSet(object)) return [];
  const gateway = gatewayOf(object, world);
  if (gateway === undefined || takesSet(gateway, object, world)) return [];
  const { from } = choiceOf(gateway);
  return [
    {
      path: ['spec', 'parentRef', 'name'],
      message: `${describeObject(gateway)} takes no ListenerSets of namespace ${world.namespaceOf(object)} (allowedListeners.namespaces.from is ${from ?? ''}): Accepted will be False/NotAllowed`,
      fix: 'set spec.allowedListeners.namespaces of the Gateway',
      clause: clauseOf(gateway, from),
    },
  ];
}

/** The Gateway among the manifests that a ListenerSet adds to. */
export function gatewayOf(set: ListenerSetObject, world: World): GatewayObject | undefined {
  const { group, kind, namespace, name } = parentOf(set, world);
  const found =
    group === gatewayGroup && kind === 'Gateway' ? world.find(kind, namespace, name)?.object : undefined;
  return found !== undefined && isGateway(found) ? found : undefined;
}

/** What the parentRef of a ListenerSet names. */
export function parentOf(
  set: ListenerSetObject,
  world: World,
): Required<Omit<ParentRef, 'sectionName' | 'port'>> {
  const { parentRef } = set.spec ?? {};
  return {
    group: parentRef?.group ?? gatewayGroup,
    kind: parentRef?.kind ?? 'Gateway',
    namespace: parentRef?.namespace ?? world.namespaceOf(set),
    name: parentRef?.name ?? '',
  };
}

/** Also where that is not known. */
export function takesSet(gateway: GatewayObject, set: ListenerSetObject, world: World): boolean {
  const namespaces = { of: world.namespaceOf(set), own: world.namespaceOf(gateway) };
  return admitsNamespace(choiceOf(gateway), namespaces, world) !== false;
}

/** Unlike those of listeners, which admit their own namespace, it is None where nothing is written. */
function choiceOf({ spec }: GatewayObject): { from?: string } {
  return { from: 'None', ...spec?.allowedListeners?.namespaces };
}

function clauseOf({ spec }: GatewayObject, from = 'None'): string {
  if (spec?.allowedListeners?.namespaces === undefined) return 'listenerset-default-not-allowed';
  return `listenerset-from-${from.toLowerCase()}`;
}
