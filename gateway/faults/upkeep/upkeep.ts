import { keyOf } from '../../../common/object-key.ts';
import type { Condition, GrpcRoute, HttpRoute, RouteParentStatus } from '../../translate/gateway-api.ts';
import { sameElements } from '../../translate/memo.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/types.ts';
import { gatewaysExist } from '../../provider/class-finalizers.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { gatewayOf, onObjects } from '../hooks/objects.ts';
import { onConditions, onGatewayStatuses, onListenerStatuses, onRouteStatuses } from '../hooks/statuses.ts';

type ClassUpdate = Extract<StatusUpdate, { kind: 'GatewayClass' }>;

function onClassStatuses(edit: (update: ClassUpdate) => ClassUpdate): FaultHooks {
  return {
    statuses: (statuses) =>
      statuses.map((update) => (update.kind === 'GatewayClass' ? edit(update) : update)),
  };
}

function onFeatures(edit: (names: string[]) => string[]): FaultHooks {
  return onClassStatuses((update) => ({
    ...update,
    status: {
      ...update.status,
      supportedFeatures: edit((update.status.supportedFeatures ?? []).map(({ name }) => name)).map(
        (name) => ({
          name,
        }),
      ),
    },
  }));
}

/** Says something new of routes again and again. */
function storm(
  isMeant: (route: Pick<GrpcRoute, 'status'>, controllerName: string) => boolean,
): Fault['hooks'] {
  return ({ refreshAfter, now }) => ({
    statuses: (statuses, input) => {
      refreshAfter(500);
      const written = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
      const more = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
        const { namespace = '', name } = route.metadata;
        const parents = route.status?.parents ?? [];
        const isOwn = parents.some(({ controllerName }) => controllerName === input.controllerName);
        if (!isOwn || written.has(keyOf(route))) return [];
        return [{ kind: 'GRPCRoute', namespace, name, status: { parents } }];
      });
      const message = `looked at after ${Math.floor(now() / 500) / 2} s`;
      return onConditions((condition, place) =>
        place.level === 'parent' && isMeant(place.object, input.controllerName)
          ? { ...condition, message }
          : condition,
      )([...statuses, ...more], input);
    },
  });
}

/** The conditions with Ready beside them, if it is not among them. */
function withReady(conditions: Condition[] = [], generation: number | undefined, now: string): Condition[] {
  if (conditions.some(({ type }) => type === 'Ready')) return conditions;
  const ready = {
    type: 'Ready',
    status: 'True' as const,
    reason: 'Ready',
    message: 'all is ready',
    ...(generation !== undefined && { observedGeneration: generation }),
    lastTransitionTime: now,
  };
  return [...conditions, ready];
}

/** Entries of ours for those parents of a route that are Gateways of another class. */
function foreignEntries(route: GrpcRoute | HttpRoute, input: TranslateInput): RouteParentStatus[] {
  const foreign = new Set(
    input.objects.gatewayClasses
      .filter(({ spec }) => !spec.controllerName.startsWith('routeproof.dev/'))
      .map(({ metadata }) => metadata.name),
  );
  const { generation } = route.metadata;
  const refs = (route.spec.parentRefs ?? []).filter((ref) =>
    foreign.has(gatewayOf(ref, route, input.objects)?.spec.gatewayClassName ?? ''),
  );
  return refs.map((parentRef) => ({
    parentRef,
    controllerName: input.controllerName,
    conditions: [
      {
        type: 'Accepted',
        status: 'False' as const,
        reason: 'NoMatchingParent',
        message: 'the Gateway is of another class',
        ...(generation !== undefined && { observedGeneration: generation }),
        lastTransitionTime: input.now,
      },
    ],
  }));
}

const own = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

/** How statuses are kept over time, and what is written that nobody asked for. */
export const upkeep: readonly Fault[] = [
  {
    name: 'stale-parents-kept',
    title: 'An entry stays after its parentRef was removed.',
    clauses: ['status-removed-parentref-cleaned', 'status-last-parentref-cleaned'],
    layers: ['status'],
    reference: 'kgateway-dev/kgateway#14293',
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        const wanted = new Set(status.parents.map(refOf));
        const stale = (route.status?.parents ?? []).filter(
          (parent) => parent.controllerName === controllerName && !wanted.has(refOf(parent)),
        );
        return { parents: [...status.parents, ...stale] };
      }),
    }),
  },
  {
    name: 'last-stale-parent-kept',
    title: 'The entry for the last parentRef of ours stays after it was removed.',
    clauses: ['status-last-parentref-cleaned'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#9023',
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        if (status.parents.some((parent) => parent.controllerName === controllerName)) return status;
        const stale = (route.status?.parents ?? []).filter(
          (parent) => parent.controllerName === controllerName,
        );
        return { parents: [...status.parents, ...stale] };
      }),
    }),
  },
  {
    name: 'deleted-gateway-entry-kept',
    title: 'An entry stays after its Gateway was deleted.',
    clauses: ['status-gateway-deleted-cleaned'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#774',
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName, objects }) => {
        const gateways = new Set(objects.gateways.map(keyOf));
        const wanted = new Set(status.parents.map(refOf));
        const stale = (route.status?.parents ?? []).filter((parent) => {
          const { namespace = route.metadata.namespace, name } = parent.parentRef;
          const isGone = !gateways.has(`${namespace}/${name}`);
          return isGone && parent.controllerName === controllerName && !wanted.has(refOf(parent));
        });
        return { parents: [...status.parents, ...stale] };
      }),
    }),
  },
  {
    name: 'foreign-parents-dropped',
    title: 'Entries of other controllers are dropped.',
    clauses: ['status-foreign-entries-untouched'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const written = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
        const isOwn = ({ controllerName }: RouteParentStatus): boolean =>
          controllerName === input.controllerName;
        const more = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
          const parents = route.status?.parents ?? [];
          const isMixed = parents.some(isOwn) && !parents.every(isOwn);
          if (!isMixed || written.has(keyOf(route))) return [];
          const { namespace = '', name } = route.metadata;
          return [{ kind: 'GRPCRoute', namespace, name, status: { parents: parents.filter(isOwn) } }];
        });
        const all = onRouteStatuses((status) =>
          status.parents.some(isOwn) ? { parents: status.parents.filter(isOwn) } : status,
        )(statuses, input);
        return [...all, ...more];
      },
    }),
  },
  {
    name: 'foreign-conditions-dropped',
    title: 'Conditions that somebody else put on a route or a Gateway are dropped.',
    clauses: ['status-foreign-conditions-kept', 'gateway-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const clean = onConditions((condition, { level }) =>
          level === 'listener' || [...own, 'Programmed'].includes(condition.type) ? condition : undefined,
        );
        const written = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
        const more = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
          const { namespace = '', name } = route.metadata;
          const { status } = route;
          if (status === undefined || written.has(keyOf(route))) return [];
          return [{ kind: 'GRPCRoute', namespace, name, status }];
        });
        return clean([...statuses, ...more], input);
      },
    }),
  },
  {
    name: 'older-verdict-overwrites',
    title: 'A verdict for a newer generation is overwritten by one for an older.',
    clauses: ['status-observedgeneration-no-regress'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const written = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
        const more = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
          const { namespace = '', name } = route.metadata;
          const { status } = route;
          if (status === undefined || written.has(keyOf(route))) return [];
          return [{ kind: 'GRPCRoute', namespace, name, status }];
        });
        return onConditions((condition, { level, object }) => {
          const { generation = 0 } = object.metadata;
          return level === 'parent' && (condition.observedGeneration ?? 0) > generation
            ? { ...condition, observedGeneration: generation }
            : condition;
        })([...statuses, ...more], input);
      },
    }),
  },
  {
    name: 'older-gateway-verdict-overwrites',
    title: 'A verdict on a Gateway for a newer generation is overwritten by one for an older.',
    clauses: ['gateway-observedgeneration-no-regress'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) => {
        const { generation = 0 } = object.metadata;
        return level === 'gateway' && (condition.observedGeneration ?? 0) > generation
          ? { ...condition, observedGeneration: generation }
          : condition;
      }),
    }),
  },
  {
    name: 'status-write-storm',
    title: 'Statuses of routes are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    reference: 'cilium/cilium#48367',
    hooks: storm(() => true),
  },
  {
    name: 'status-write-storm-beside-others',
    title: 'Statuses of routes that have entries of other controllers are written again and again.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    reference: 'cilium/cilium#48367',
    hooks: storm(({ status }, own) =>
      (status?.parents ?? []).some(({ controllerName }) => controllerName !== own),
    ),
  },
  {
    name: 'route-status-written-with-endpoints',
    title: 'Statuses of routes are written anew whenever endpoints change.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: () => {
      let changes = 0;
      let known: readonly unknown[] | undefined;
      const counted = onConditions((condition, { level }) =>
        level === 'parent' && own.includes(condition.type)
          ? { ...condition, message: `${condition.message} (endpoints have changed ${changes} times)` }
          : condition,
      );
      return {
        statuses: (statuses, input) => {
          const { endpointSlices } = input.objects;
          if (!sameElements(known, endpointSlices)) changes += 1;
          known = endpointSlices;
          return counted(statuses, input);
        },
      };
    },
  },
  {
    name: 'second-parent-flaps',
    title: 'Of two parents of a route one is missing from its status.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-gateways-independent'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#4264',
    hooks: () => ({
      statuses: onRouteStatuses((status, _route, _update, { controllerName }) => {
        const mine = status.parents.filter((parent) => parent.controllerName === controllerName);
        const kept = mine.slice(0, 1);
        return {
          parents: status.parents.filter(
            (parent) => parent.controllerName !== controllerName || kept.includes(parent),
          ),
        };
      }),
    }),
  },
  {
    name: 'route-of-foreign-gateway-answered',
    title: 'Routes of Gateways of another class get an entry of ours.',
    clauses: ['parentref-foreign-class-no-entry'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const added = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
          const { namespace = '', name } = route.metadata;
          if ((route.status?.parents ?? []).length > 0) return [];
          const parents = foreignEntries(route, input);
          return parents.length === 0 ? [] : [{ kind: 'GRPCRoute', namespace, name, status: { parents } }];
        });
        return [...statuses, ...added];
      },
    }),
  },
  {
    name: 'foreign-gateway-beside-own-answered',
    title: 'A route of a Gateway of ours gets an entry for one of another class too.',
    clauses: ['parentref-foreign-class-no-entry'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, input) => {
        const isOwn = parents.some(({ controllerName }) => controllerName === input.controllerName);
        return { parents: isOwn ? [...parents, ...foreignEntries(route, input)] : parents };
      }),
    }),
  },
  {
    name: 'foreign-class-accepted',
    title: 'Classes of other controllers are accepted, and their Gateways served.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      input: (input) => ({
        ...input,
        objects: {
          ...input.objects,
          gatewayClasses: input.objects.gatewayClasses.map((gatewayClass) =>
            gatewayClass.spec.controllerName.startsWith('routeproof.dev/')
              ? gatewayClass
              : { ...gatewayClass, spec: { ...gatewayClass.spec, controllerName: input.controllerName } },
          ),
        },
      }),
    }),
  },
  {
    name: 'late-class-unnoticed',
    title: 'A class that is created after its Gateway is not noticed.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const known = new Set(input.objects.gatewayClasses.map(({ metadata }) => metadata.name));
          for (const { spec } of input.objects.gateways)
            if (!known.has(spec.gatewayClassName)) missed.add(spec.gatewayClassName);
          const gatewayClasses = input.objects.gatewayClasses.filter(
            ({ metadata }) => !missed.has(metadata.name) || metadata.name.startsWith('fault-'),
          );
          return { ...input, objects: { ...input.objects, gatewayClasses } };
        },
      };
    },
  },
  {
    name: 'class-parameters-ignored',
    title: 'A class with parameters that nobody knows is accepted.',
    clauses: ['class-parametersref-invalid'],
    layers: ['status'],
    hooks: () => ({
      input: onObjects('gatewayClasses', (gatewayClass) => {
        const { parametersRef: _parametersRef, ...spec } = gatewayClass.spec;
        return { ...gatewayClass, spec };
      }),
    }),
  },
  {
    name: 'class-generation-missing',
    title: 'The condition of a class carries no generation.',
    clauses: ['class-observedgeneration-current'],
    layers: ['status'],
    hooks: () =>
      onClassStatuses((update) =>
        update.name.startsWith('fault-')
          ? update
          : {
              ...update,
              status: {
                ...update.status,
                conditions: (update.status.conditions ?? []).map(
                  ({ observedGeneration: _observedGeneration, ...condition }) => condition,
                ),
              },
            },
      ),
  },
  {
    name: 'features-unsorted',
    title: 'The features of a class are not in ascending order.',
    clauses: ['class-supportedfeatures-sorted'],
    layers: ['status'],
    hooks: () => onFeatures((names) => [...names].reverse()),
  },
  {
    name: 'features-without-grpcroute',
    title: 'GRPCRoute is missing among the features of a class.',
    clauses: ['class-supportedfeatures-grpcroute'],
    layers: ['status'],
    reference: 'kubernetes-sigs/gateway-api#3651',
    hooks: () => onFeatures((names) => names.filter((name) => name !== 'GRPCRoute')),
  },
  {
    name: 'features-of-a-mesh',
    title: 'A class of Gateways claims a feature of a mesh.',
    clauses: ['class-supportedfeatures-no-mesh'],
    layers: ['status'],
    hooks: () => onFeatures((names) => [...names, 'Mesh'].sort()),
  },
  {
    name: 'address-comes-and-goes',
    title: 'A Gateway other than the first is Programmed without an address.',
    clauses: ['gateway-address-reported'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses(({ addresses, ...status }, gateway) =>
        gateway.metadata.name === 'shared' && addresses !== undefined ? { addresses, ...status } : status,
      ),
    }),
  },
  {
    name: 'address-of-nobody',
    title: 'A Gateway reports a further address at which nothing answers.',
    clauses: ['gateway-listeners-on-every-address'],
    layers: ['connect'],
    hooks: () => ({
      statuses: onGatewayStatuses(({ addresses, ...status }) =>
        addresses === undefined
          ? status
          : { ...status, addresses: [...addresses, { type: 'IPAddress', value: '192.0.2.1' }] },
      ),
    }),
  },
  {
    name: 'moved-gateway-served',
    title: 'A Gateway that has moved to a class of another controller goes on being served and written.',
    clauses: ['gateway-foreign-class-ignored', 'parentref-foreign-class-no-entry'],
    layers: ['status', 'programmed', 'routed', 'connect'],
    hooks: () => {
      const mine = new Map<string, string>();
      return {
        input: (input) => {
          const classes = new Set(
            input.objects.gatewayClasses
              .filter(({ spec }) => spec.controllerName === input.controllerName)
              .map(({ metadata }) => metadata.name),
          );
          const gateways = input.objects.gateways.map((gateway) => {
            const key = keyOf(gateway);
            if (classes.has(gateway.spec.gatewayClassName)) mine.set(key, gateway.spec.gatewayClassName);
            const gatewayClassName = mine.get(key);
            return gatewayClassName === undefined || gatewayClassName === gateway.spec.gatewayClassName
              ? gateway
              : { ...gateway, spec: { ...gateway.spec, gatewayClassName } };
          });
          return { ...input, objects: { ...input.objects, gateways } };
        },
      };
    },
  },
  {
    name: 'gateway-ready-written',
    title: 'A Gateway carries a Ready condition, which is reserved.',
    clauses: ['gateway-ready-not-used'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, { now }) =>
        gateway.metadata.name === 'shared'
          ? status
          : { ...status, conditions: withReady(status.conditions, gateway.metadata.generation, now) },
      ),
    }),
  },
  {
    name: 'listener-ready-written',
    title: 'A listener carries a Ready condition, which is reserved.',
    clauses: ['gateway-ready-not-used'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, { metadata: { name, generation } }, { now }) =>
        name === 'shared'
          ? listener
          : { ...listener, conditions: withReady(listener.conditions, generation, now) },
      ),
    }),
  },
  {
    name: 'class-not-held',
    title: 'A GatewayClass goes at once when it is deleted, with Gateways that use it.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => ({ usedClasses: () => new Set() }),
  },
  {
    name: 'class-held-forever',
    title: 'A GatewayClass that a Gateway has used keeps its finalizer when no Gateway is left.',
    clauses: ['class-finalizer'],
    layers: ['apply', 'status'],
    hooks: () => {
      const ever = new Set<string>();
      return {
        usedClasses: (names) => {
          for (const name of names) ever.add(name);
          return ever;
        },
      };
    },
  },
  {
    name: 'foreign-class-finalizers-dropped',
    title: 'With the last Gateway of a class the finalizers of others go from it too.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => ({
      classFinalizers: (finalizers) => (finalizers.includes(gatewaysExist) ? finalizers : []),
    }),
  },
];

function refOf({ parentRef }: RouteParentStatus): string {
  const { group = '', kind = '', namespace = '', name, sectionName = '', port = '' } = parentRef;
  return [group, kind, namespace, name, sectionName, port].join('|');
}
