import { keyOf } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { Listener } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts, onTables, placeInRoute } from '../hooks/ir.ts';
import { onEntries } from '../hooks/listener-sets.ts';
import { onObjects } from '../hooks/objects.ts';
import { inPlaintext, toClusters } from '../hooks/plaintext.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Routes that name a ListenerSet, told from the input. */
function ofListenerSets(hooks: (isMeant: (route: IrRoute) => boolean) => FaultHooks): FaultHooks {
  const meant = new Set<string>();
  const made = hooks(({ source }) => meant.has(source.key));
  return {
    ...made,
    input: (input) => {
      for (const route of input.objects.grpcRoutes)
        if ((route.spec.parentRefs ?? []).some(({ kind }) => kind === 'ListenerSet')) meant.add(keyOf(route));
      return made.input?.(input) ?? input;
    },
  };
}

/** Backends under policies that are reached in a way that is not the usual one. */
export const backendTlsReach: readonly Fault[] = [
  {
    name: 'backend-tls-not-from-listener-sets',
    title: 'Calls of routes of ListenerSets go to a backend under a policy in plaintext.',
    clauses: ['btls-union-with-grpcroute', 'btls-any-listener-protocol', 'listenerset-serves-traffic'],
    layers,
    hooks: () =>
      ofListenerSets((isMeant) =>
        inPlaintext((route, twin) => (isMeant(route) ? toClusters(route, twin) : route)),
      ),
  },
  {
    name: 'backend-tls-of-first-rule-only',
    title: 'Calls of all rules of a route but the first go to a backend under a policy in plaintext.',
    clauses: ['btls-union-with-grpcroute'],
    layers,
    hooks: () =>
      inPlaintext((route, twin) => (placeInRoute(route).rule > 0 ? toClusters(route, twin) : route)),
  },
  {
    name: 'backend-tls-not-for-granted-backends',
    title:
      'A policy is not in force for routes of another namespace that a ReferenceGrant leads to its Service.',
    clauses: ['btls-union-with-grpcroute', 'btls-target-same-namespace'],
    layers,
    hooks: () =>
      inPlaintext((route, twin) => {
        const [own] = route.source.key.split('/');
        return toClusters(route, (name) => (name.startsWith(`${own ?? ''}/`) ? name : twin(name)));
      }),
  },
];

/** ListenerSets whose listeners do not get all that those of Gateways do. */
export const listenerSetReach: readonly Fault[] = [
  {
    name: 'listener-set-routes-selector-ignored',
    title:
      'A listener of a ListenerSet that selects the namespaces of its routes takes those of every namespace.',
    clauses: ['listenerset-allowed-routes-namespaces', 'listener-namespaces-selector'],
    layers: ['status', ...layers],
    hooks: () => ({
      input: onEntries((listener): Listener =>
        listener.allowedRoutes?.namespaces?.from === 'Selector'
          ? { ...listener, allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'All' } } }
          : listener,
      ),
    }),
  },
  {
    name: 'listener-sets-ask-for-no-client-certificates',
    title: 'HTTPS listeners of ListenerSets admit clients whom those of their Gateway turn away.',
    clauses: ['tls-frontend-default-all-https', 'tls-frontend-no-client-cert-rejected'],
    layers: ['tls', 'connect', ...layers],
    hooks: () => {
      const hostnames = new Set<string>();
      return {
        input: (input) => {
          for (const { spec } of input.objects.listenerSets)
            for (const { hostname, protocol } of spec.listeners ?? [])
              if (protocol === 'HTTPS' && hostname !== undefined) hostnames.add(hostname);
          return input;
        },
        ir: onTables((table) => {
          if (table.tls?.serverName === undefined || !hostnames.has(table.tls.serverName)) return table;
          const { clientValidation: _clientValidation, ...tls } = table.tls;
          return { ...table, tls };
        }),
      };
    },
  },
];

export const routesOfHosts: readonly Fault[] = [
  {
    name: 'routes-of-a-host-beyond-eight-lost',
    title: 'Of more than eight routes that share a hostname the first eight are served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const sources = [...new Set(host.routes.map(({ source }) => source.key))].sort().slice(0, 8);
        return { ...host, routes: host.routes.filter(({ source }) => sources.includes(source.key)) };
      }),
    }),
  },
];

export const wholeMirrors: readonly Fault[] = [
  {
    name: 'mirror-of-hundred-percent-is-none',
    title: 'A mirror of 100 percent gets no calls.',
    clauses: ['filter-mirror-percent'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const rules = (route.spec.rules ?? []).map((rule) => ({
          ...rule,
          ...(rule.filters && {
            filters: rule.filters.map((filter) =>
              filter.requestMirror?.percent === 100
                ? { ...filter, requestMirror: { ...filter.requestMirror, percent: 0 } }
                : filter,
            ),
          }),
        }));
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
];
