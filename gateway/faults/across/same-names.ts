import { keyOf } from '../../../common/object-key.ts';
import type { IrBackend, IrTable } from '../../ir/ir.ts';
import type { ParentRef, RouteParentStatus } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards, onTables } from '../hooks/ir.ts';
import { alsoParents } from '../hooks/listener-sets.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
import { onRouteStatuses } from '../hooks/statuses.ts';
import { onGrpcRoutesWith } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

interface ClusterPlace {
  namespace: string;
  service: string;
  port: string;
}

function placeOf({ cluster = '' }: IrBackend): ClusterPlace {
  const [namespace = '', service = '', port = ''] = cluster.split('/');
  return { namespace, service, port };
}

/** Sends the share of a backend to an earlier one of its rule that is taken for the same. */
function takenForSame(isSame: (one: ClusterPlace, other: ClusterPlace) => boolean): FaultHooks {
  return {
    ir: onForwards((action) => {
      const backends = mapSame(action.backends, (backend, index) => {
        const earlier = action.backends
          .slice(0, index)
          .find((each) => isSame(placeOf(each), placeOf(backend)))?.cluster;
        return earlier === undefined || backend.cluster === undefined
          ? backend
          : { ...backend, cluster: earlier };
      });
      return backends === action.backends ? action : { ...action, backends };
    }),
  };
}

/** Backends that are told apart by less than what they are. */
export const sameBackends: readonly Fault[] = [
  {
    name: 'same-name-abroad-taken-for-own',
    title: 'Of two Services of one name in two namespaces a rule calls the first only.',
    clauses: ['weight-proportional', 'refgrant-addition-enables'],
    layers: ['routed', 'backend'],
    reference: 'Kong/kubernetes-ingress-controller#3860',
    hooks: () =>
      takenForSame(
        (one, other) =>
          one.service === other.service && one.port === other.port && one.namespace !== other.namespace,
      ),
  },
  {
    name: 'two-ports-of-service-merged',
    title: 'Of two ports of one Service a rule calls the first only.',
    clauses: ['weight-proportional', 'backend-port-is-service-port'],
    layers: ['routed', 'backend'],
    hooks: () =>
      takenForSame(
        (one, other) =>
          one.service === other.service && one.namespace === other.namespace && one.port !== other.port,
      ),
  },
];

const withoutNamespace = ({ kind = 'Gateway', name, sectionName = '', port = 0 }: ParentRef): string =>
  [kind, name, sectionName, port].join('|');

/** Listeners and Gateways that are told apart by less than what they are. */
export const sameParents: readonly Fault[] = [
  {
    name: 'same-named-gateways-merged',
    title: 'A route of a Gateway is served by every Gateway of that name, whatever its namespace.',
    clauses: ['parentref-namespace-defaults-to-route'],
    layers: ['routed', 'status'],
    hooks: () =>
      alsoParents((ref, route, { objects }) => {
        // The shared one has that name in every installation beside this one.
        if ((ref.kind ?? 'Gateway') !== 'Gateway' || ref.name === 'shared') return [];
        const own = ref.namespace ?? route.metadata.namespace;
        return objects.gateways
          .filter(({ metadata }) => metadata.name === ref.name && metadata.namespace !== own)
          .map(({ metadata: { namespace = '' } }) => ({ ...ref, namespace }));
      }),
  },
  {
    name: 'namesake-gateways-share-an-entry',
    title: 'A route with two Gateways of one name has an entry for the first of them only.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-gateways-independent'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, _route, _update, { controllerName }) => {
        const isOurs = (parent: RouteParentStatus): boolean => parent.controllerName === controllerName;
        const first = new Map<string, RouteParentStatus>();
        for (const parent of parents.filter(isOurs)) {
          const key = withoutNamespace(parent.parentRef);
          if (!first.has(key)) first.set(key, parent);
        }
        return {
          parents: parents.filter(
            (parent) => !isOurs(parent) || first.get(withoutNamespace(parent.parentRef)) === parent,
          ),
        };
      }),
    }),
  },
  {
    name: 'entry-of-left-namesake-kept',
    title: 'The entry for a Gateway that a route leaves stays as long as it has another one of that name.',
    clauses: ['status-removed-parentref-cleaned'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        const own = route.metadata.namespace;
        const whole = ({ parentRef }: RouteParentStatus): string =>
          `${parentRef.namespace ?? own ?? ''}|${withoutNamespace(parentRef)}`;
        const wanted = new Set(status.parents.map(whole));
        const names = new Set((route.spec.parentRefs ?? []).map(withoutNamespace));
        const left = (route.status?.parents ?? []).filter(
          (parent) =>
            parent.controllerName === controllerName &&
            names.has(withoutNamespace(parent.parentRef)) &&
            !wanted.has(whole(parent)),
        );
        return { parents: [...status.parents, ...left] };
      }),
    }),
  },
  {
    name: 'hostname-of-lowest-port-everywhere',
    title:
      'A hostname that two HTTP listeners of different ports have is served on both as on the lower port.',
    clauses: ['parentref-sectionname-selects-listener', 'parentref-port-selects-listeners'],
    layers: ['routed'],
    hooks: () => {
      const withHostsOf = remembered((lowest: IrTable) =>
        remembered((table: IrTable): IrTable => ({
          ...table,
          hosts: mapSame(
            table.hosts,
            (host) => lowest.hosts.find(({ hostname }) => hostname === host.hostname) ?? host,
          ),
        })),
      );
      return {
        ir: onTables((table, port, gateway) => {
          const [lowest] = gateway.ports
            .filter(({ protocol }) => protocol === 'HTTP')
            .toSorted((left, right) => left.port - right.port);
          const [first] = lowest?.tables ?? [];
          if (first === undefined || port.protocol !== 'HTTP' || port.port === lowest?.port) return table;
          return withHostsOf(first)(table);
        }),
      };
    },
  },
];

/** Rules that are told apart by less than what they are. */
export const sameRules: readonly Fault[] = [
  {
    name: 'rule-names-collide-across-routes',
    title:
      'Of rules with one name in two routes of a namespace only that of the first route by name is served.',
    clauses: ['name-accepted'],
    layers: ['routed', 'backend'],
    hooks: () =>
      unseen(
        onGrpcRoutesWith((route, { objects }) => {
          const written = route.spec.rules ?? [];
          if (!written.some(({ name }) => name !== undefined)) return route;
          const taken = new Set(
            objects.grpcRoutes
              .filter(
                (other) =>
                  other.metadata.namespace === route.metadata.namespace && keyOf(other) < keyOf(route),
              )
              .flatMap(({ spec }) => (spec.rules ?? []).flatMap(({ name }) => name ?? [])),
          );
          const rules = written.filter(({ name }) => name === undefined || !taken.has(name));
          if (rules.length === written.length) return route;
          return rules.length === 0 ? undefined : { ...route, spec: { ...route.spec, rules } };
        }),
      ),
  },
];
