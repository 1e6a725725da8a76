import type { IrTable } from '../../ir/ir.ts';
import type { ParentRef, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { alsoParents } from '../hooks/listener-sets.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
import { onRouteStatuses } from '../hooks/statuses.ts';

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
