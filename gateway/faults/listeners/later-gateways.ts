import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Gateway, Listener, Namespace, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { mapListeners, onGrpcRoutesWith, onObjects, withListeners, withParents } from '../hooks/objects.ts';
import { onRouteStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'routed', 'connect', 'programmed'];

const placeOf = ({ port, protocol, hostname = '' }: Listener): string => `${port} ${protocol} ${hostname}`;

/** Edits the labels of each version of a namespace beside those that it had before. */
function besideLabels(
  edit: (now: Record<string, string>, before: Record<string, string>) => Record<string, string>,
): (namespace: Namespace) => Namespace {
  const known = new Map<string, Record<string, string>>();
  return (namespace) => {
    const { name, labels: now = {} } = namespace.metadata;
    const labels = edit(now, known.get(name) ?? now);
    known.set(name, labels);
    return { ...namespace, metadata: { ...namespace.metadata, labels } };
  };
}

/** What happens to Gateways, listeners and namespaces, in an order that is not the usual one. */
export const laterGateways: readonly Fault[] = [
  {
    name: 'listener-rename-unnoticed',
    title: 'A listener that gets another name keeps its old one, for routes as well as in the status.',
    clauses: ['listener-status-entry-per-listener', 'parentref-listener-appears-later'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Map<string, string>>('gateways', (gateway, names = new Map()) => {
        const listeners = (gateway.spec.listeners ?? []).map((listener) => {
          const name = names.get(placeOf(listener)) ?? listener.name;
          names.set(placeOf(listener), name);
          return { ...listener, name };
        });
        return { edited: withListeners(gateway, listeners), keep: names };
      }),
  },
  {
    name: 'third-gateway-version-ignored',
    title: 'The second edit of a Gateway and all later ones change nothing.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed', 'status-follows-gateway-change'],
    layers: [...layers, 'tls'],
    hooks: () =>
      besideEarlier<'gateways', Gateway>('gateways', (gateway, before) => {
        const keep = before !== undefined && (gateway.metadata.generation ?? 0) > 2 ? before : gateway;
        return { edited: { ...gateway, spec: keep.spec }, keep };
      }),
  },
  {
    name: 'late-gateway-unnoticed',
    title: 'A route that was there before its Gateway is not attached until it is edited.',
    clauses: [
      'parentref-nonexistent-gateway-no-entry',
      'status-follows-gateway-change',
      'parentref-attach-same-namespace',
    ],
    layers,
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const { namespace: own, name: routeName, generation } = route.metadata;
          const gateways = new Set(objects.gateways.map(keyOf));
          return withParents(route, ({ kind = 'Gateway', namespace = own, name }) => {
            if (kind !== 'Gateway') return true;
            const id = `${own}/${routeName} ${generation} ${namespace}/${name}`;
            if (!gateways.has(objectKey(namespace, name))) missed.add(id);
            return !missed.has(id);
          });
        }),
      };
    },
  },
  {
    name: 'returned-gateway-unserved',
    title: 'A Gateway that moves to a class of another controller and back is not served any more.',
    clauses: ['gateway-programmed-true', 'gateway-accepted-true'],
    layers,
    hooks: () => {
      const first = new Map<string, string>();
      const left = new Set<string>();
      return {
        input: onObjects('gateways', (gateway) => {
          const { uid } = gateway.metadata as { uid?: string };
          const id = `${keyOf(gateway)} ${uid}`;
          const { gatewayClassName } = gateway.spec;
          const before = first.get(id) ?? gatewayClassName;
          first.set(id, before);
          if (before !== gatewayClassName) left.add(id);
          return left.has(id) ? undefined : gateway;
        }),
      };
    },
  },
  {
    name: 'namespace-label-removal-unnoticed',
    title: 'A label that a namespace loses goes on letting its routes attach.',
    clauses: ['listener-namespaces-selector-live'],
    layers,
    hooks: () => ({
      input: onObjects(
        'namespaces',
        besideLabels((now, before) => ({ ...before, ...now })),
      ),
    }),
  },
  {
    name: 'namespace-label-change-unnoticed',
    title: 'A label of a namespace whose value changes counts with the value that it had.',
    clauses: ['listener-namespaces-selector-live'],
    layers,
    hooks: () => ({
      input: onObjects(
        'namespaces',
        besideLabels((now, before) =>
          Object.fromEntries(Object.entries(now).map(([label, value]) => [label, before[label] ?? value])),
        ),
      ),
    }),
  },
  {
    name: 'late-namespace-unselected',
    title: 'A namespace that is made after a Gateway is not among those that the Gateway selects.',
    clauses: ['listener-namespaces-selector-live', 'listener-namespaces-selector'],
    layers,
    hooks: () => {
      const seen = new Map<string, ReadonlySet<string>>();
      return {
        input: (input) => {
          const now = new Set(input.objects.namespaces.map(({ metadata }) => metadata.name));
          const gateways = input.objects.gateways.map((gateway) => {
            const there = seen.get(keyOf(gateway)) ?? now;
            seen.set(keyOf(gateway), there);
            const late = [...now].filter((name) => !there.has(name));
            if (late.length === 0) return gateway;
            return mapListeners(gateway, (listener): Listener => {
              const { namespaces } = listener.allowedRoutes ?? {};
              if (namespaces?.from !== 'Selector') return listener;
              const { matchExpressions = [], ...selector } = namespaces.selector ?? {};
              const expression = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: late };
              return {
                ...listener,
                allowedRoutes: {
                  ...listener.allowedRoutes,
                  namespaces: {
                    ...namespaces,
                    selector: { ...selector, matchExpressions: [...matchExpressions, expression] },
                  },
                },
              };
            });
          });
          return { ...input, objects: { ...input.objects, gateways } };
        },
      };
    },
  },
  {
    name: 'deleted-gateway-takes-other-entries',
    title: 'When one Gateway of a route is deleted, the route loses its entries for the others too.',
    clauses: ['status-gateway-deleted-cleaned', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => {
      const bereft = new Set<string>();
      return {
        statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
          const isOwn = (entry: RouteParentStatus): boolean => entry.controllerName === controllerName;
          const id = `${keyOf(route)} ${route.metadata.generation}`;
          const before = (route.status?.parents ?? []).filter(isOwn).length;
          const now = status.parents.filter(isOwn).length;
          if ((route.spec.parentRefs ?? []).length > 1 && now > 0 && now < before) bereft.add(id);
          return bereft.has(id) ? { parents: status.parents.filter((entry) => !isOwn(entry)) } : status;
        }),
      };
    },
  },
];
