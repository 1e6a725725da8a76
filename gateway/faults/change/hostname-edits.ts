import type { Listener } from '../../translate/model/gateway-api.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits that are followed, but not where they lead to a wildcard or away from a hostname. */
export const hostnameEdits: readonly Fault[] = [
  {
    name: 'added-wildcard-unserved',
    title: 'A wildcard hostname that a route gets later is not served.',
    clauses: ['grpcroute-update-takes-effect', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      besideFirst('grpcRoutes', (route, { spec: { hostnames: known = [] } }) => {
        const { hostnames } = route.spec;
        const served = hostnames?.filter((each) => !isWildcard(each) || known.includes(each));
        return served === undefined || served.length === 0
          ? route
          : { ...route, spec: { ...route.spec, hostnames: served } };
      }),
  },
  {
    name: 'lost-listener-hostname-kept',
    title: 'A listener that is edited to have no hostname keeps the one that it had.',
    clauses: ['status-follows-gateway-change', 'hostname-listener-unset-uses-route'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideEarlier<'gateways', Map<string, string>>('gateways', (gateway, known = new Map()) => {
        const listeners = (gateway.spec.listeners ?? []).map((listener): Listener => {
          const hostname = listener.hostname ?? known.get(listener.name);
          if (hostname === undefined) return listener;
          known.set(listener.name, hostname);
          return { ...listener, hostname };
        });
        return { edited: { ...gateway, spec: { ...gateway.spec, listeners } }, keep: known };
      }),
  },
  {
    name: 'later-wildcard-hostnames-lost',
    title: 'Of several wildcard hostnames of a route only the first is served.',
    clauses: ['hostname-entries-ored', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const { hostnames = [] } = route.spec;
        const first = hostnames.find(isWildcard);
        const served = hostnames.filter((each) => !isWildcard(each) || each === first);
        return served.length === hostnames.length
          ? route
          : { ...route, spec: { ...route.spec, hostnames: served } };
      }),
    }),
  },
];
