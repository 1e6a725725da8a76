import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { editedAny, listOf, onResources, onRouteActions } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers'];
const clauses = ['streaming-no-time-limit'];

/** Envoy's own limit, where nothing is said of it. */
function limit(action: Message, seconds = 15): void {
  action['timeout'] = { seconds };
  // Where this one is set, Envoy does not look at the other.
  delete action['max_stream_duration'];
}

const limited = (isMeant: (action: Message, route: Message) => boolean): FaultHooks => ({
  xds: onRouteActions((action, route) => {
    if (isMeant(action, route)) limit(action);
  }),
});

/** Calls that may not take their time where their route is more than one host, one backend and no TLS. */
export const timeLimits: readonly Fault[] = [
  {
    name: 'splits-cut-after-15s',
    title: 'A call is cut off after 15 seconds where its rule has several backends.',
    clauses,
    layers,
    hooks: () => limited((action) => action['weighted_clusters'] !== undefined),
  },
  {
    name: 'edited-calls-cut-after-15s',
    title: 'A call is cut off after 15 seconds where its rule edits headers.',
    clauses,
    layers,
    hooks: () => limited((_action, route) => listOf(route['request_headers_to_add']).length > 0),
  },
  {
    name: 'cut-after-15s-under-wildcards',
    title: 'A call is cut off after 15 seconds under a wildcard hostname.',
    clauses,
    layers,
    hooks: () => ({
      xds: onResources('srds', (scope) => {
        const { virtual_hosts: hosts } = scope['route_configuration'] as Message;
        for (const { name, routes } of listOf(hosts))
          for (const { route } of isWildcard(String(name)) ? listOf(routes) : [])
            if (route !== undefined) limit(route as Message);
      }),
    }),
  },
  {
    name: 'cut-after-20s',
    title: 'A call is cut off after 20 seconds.',
    clauses,
    layers,
    hooks: () => ({ xds: onRouteActions((action) => limit(action, 20)) }),
  },
  {
    name: 'cut-after-15s-on-https',
    title: 'A call on an HTTPS listener is cut off after 15 seconds.',
    clauses,
    layers,
    hooks: () => ({
      xds: onResources('lds', (listener) => {
        for (const chain of listOf(listener['filter_chains'])) {
          if (chain['transport_socket'] === undefined) continue;
          for (const filter of listOf(chain['filters']))
            filter['typed_config'] = editedAny(
              filter['typed_config'] as Parameters<typeof editedAny>[0],
              (manager) => {
                manager['common_http_protocol_options'] = { max_stream_duration: { seconds: 15 } };
              },
            );
        }
      }),
    }),
  },
];
