import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { RouteParentStatus } from '../../translate/model/gateway-api.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { Fault } from '../fault.ts';
import { alsoParents, onSetConditions, well } from '../hooks/listener-sets.ts';
import { onObjects } from '../hooks/objects.ts';
import { onRouteStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'routed', 'connect'];

/** ListenerSets beside others. */
export const listenerSetNeighbours: readonly Fault[] = [
  {
    name: 'second-listener-set-ignored',
    title: 'A Gateway takes one ListenerSet, the first by name.',
    clauses: ['listenerset-attached-count', 'listenerset-serves-traffic', 'listenerset-accepted-set'],
    layers,
    hooks: () => ({
      input: (input) => {
        const taken = new Set<string>();
        const listenerSets = input.objects.listenerSets
          .toSorted((left, right) => keyOf(left).localeCompare(keyOf(right)))
          .filter((set) => {
            const parent = parentKeyOf(set) ?? '';
            const isFirst = !taken.has(parent);
            taken.add(parent);
            return isFirst;
          });
        return { ...input, objects: { ...input.objects, listenerSets } };
      },
    }),
  },
  {
    name: 'same-named-listener-sets-merged',
    title: 'A route of a ListenerSet is served by the ListenerSets of that name in other namespaces too.',
    clauses: ['listenerset-route-parentref'],
    layers,
    hooks: () =>
      alsoParents((ref, route, { objects }) => {
        const { namespace = route.metadata.namespace } = ref;
        return ref.kind === 'ListenerSet'
          ? objects.listenerSets
              .filter(({ metadata }) => metadata.name === ref.name && metadata.namespace !== namespace)
              .map(({ metadata }) => ({
                ...ref,
                ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
              }))
          : [];
      }),
  },
  {
    name: 'deleted-listener-set-entry-kept',
    title: 'A route keeps its entry for a ListenerSet that is deleted.',
    clauses: ['status-gateway-deleted-cleaned'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { objects, controllerName }) => {
        const there = new Set(objects.listenerSets.map(keyOf));
        const isGone = ({ parentRef, controllerName: writer }: RouteParentStatus): boolean =>
          writer === controllerName &&
          parentRef.kind === 'ListenerSet' &&
          !there.has(`${parentRef.namespace ?? route.metadata.namespace}/${parentRef.name}`);
        const gone = (route.status?.parents ?? []).filter(isGone);
        return gone.length === 0 ? status : { parents: [...status.parents, ...gone] };
      }),
    }),
  },
  {
    name: 'entry-of-set-of-deleted-gateway-kept',
    title: 'A route keeps its entry for a ListenerSet whose Gateway is deleted.',
    clauses: ['status-gateway-deleted-cleaned'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { objects, controllerName }) => {
        const gateways = new Set(objects.gateways.map(keyOf));
        const orphans = new Set(
          objects.listenerSets.filter((set) => !gateways.has(parentKeyOf(set) ?? '')).map(keyOf),
        );
        const stale = (route.status?.parents ?? []).filter(
          ({ parentRef: { kind, namespace = route.metadata.namespace, name }, controllerName: writer }) =>
            writer === controllerName && kind === 'ListenerSet' && orphans.has(objectKey(namespace, name)),
        );
        return stale.length === 0 ? status : { parents: [...status.parents, ...stale] };
      }),
    }),
  },
  {
    name: 'listener-set-siblings-never-conflict',
    title: 'Two listeners of one ListenerSet that cannot share their port look healthy.',
    clauses: ['listenerset-protocol-conflict-conditions'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition) => {
        if (!/^port \d+ .*(is|are) also used/.test(condition.message)) return condition;
        return condition.type === 'Conflicted' ? undefined : well(condition);
      }),
    }),
  },
  {
    name: 'listener-set-entry-always-programmed',
    title: 'A listener of a ListenerSet is Programmed, whether its certificate may be used or not.',
    clauses: ['listenerset-grant-works', 'listenerset-grant-not-inherited'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry) => {
        const isBroken = entry?.conditions.every(
          ({ type, status }) => type !== 'ResolvedRefs' || status !== 'True',
        );
        return isBroken === true && condition.type === 'Programmed' ? well(condition) : condition;
      }),
    }),
  },
  {
    name: 'listener-set-parent-kind-ignored',
    title: 'A ListenerSet belongs to the Gateway of the name in its parentRef, whatever kind that names.',
    clauses: ['listenerset-serves-traffic'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onObjects('listenerSets', (set) => {
        const { group: _group, kind: _kind, ...parentRef } = set.spec.parentRef;
        return { ...set, spec: { ...set.spec, parentRef } };
      }),
    }),
  },
  {
    name: 'listener-set-programmed-reason-of-accepted',
    title: 'Under a Gateway that is not accepted, Programmed of a ListenerSet has the reason of Accepted.',
    clauses: ['status-preferred-reasons'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition) =>
        condition.reason === 'ParentNotProgrammed'
          ? { ...condition, reason: 'ParentNotAccepted' }
          : condition,
      ),
    }),
  },
  {
    name: 'listener-set-and-gateway-of-one-name-merged',
    title:
      'A route of a Gateway is served on the listeners of the ListenerSet of that name too, and the other way round.',
    clauses: ['listenerset-gateway-parent-excludes-sets', 'listenerset-dual-parents-independent'],
    layers,
    hooks: () =>
      alsoParents((ref, route, { objects }) => {
        const { kind = 'Gateway', namespace = route.metadata.namespace } = ref;
        const other = kind === 'Gateway' ? 'ListenerSet' : 'Gateway';
        const key = objectKey(namespace, ref.name);
        const namesakes = kind === 'Gateway' ? objects.listenerSets : objects.gateways;
        const isNamed = (route.spec.parentRefs ?? []).some(
          (each) => each.name === ref.name && (each.kind ?? 'Gateway') === other,
        );
        return isNamed || !namesakes.some((each) => keyOf(each) === key) ? [] : [{ ...ref, kind: other }];
      }),
  },
  {
    name: 'entries-of-parents-of-one-name-merged',
    title: 'A route with a Gateway and a ListenerSet of one name as its parents has one entry for both.',
    clauses: ['status-entry-per-parentref', 'listenerset-dual-parents-independent'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }) => {
        const idOf = ({ parentRef, controllerName }: RouteParentStatus): string =>
          [controllerName, parentRef.namespace, parentRef.name, parentRef.sectionName, parentRef.port].join();
        return {
          parents: parents.filter(
            (parent, index) => parents.findIndex((each) => idOf(each) === idOf(parent)) === index,
          ),
        };
      }),
    }),
  },
];
