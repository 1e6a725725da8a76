import type { IrHost, IrPort, IrRoute, IrTable } from '../ir/ir.ts';
import { corsFilter } from './cors.ts';
import type { Route, RouteConfiguration, ScopedRouteConfiguration, VirtualHost } from './envoy-types.ts';
import { clustersOf } from './forward-action.ts';
import { pack } from './protos.ts';
import { makeResource, sourceKey } from './resource.ts';
import type { RouteRef, XdsResource } from './resource.ts';
import { noMatchRoute, xdsRoutes } from './route.ts';
import { pinHeader, sessionFilter } from './session.ts';

/** Selects the scope. Overwritten on every request before Envoy looks at routes, and never sent to a backend. */
export const scopeHeader = 'x-routeproof-scope';

const off = pack('envoy.config.route.v3.FilterConfig', { disabled: true });

/** Each costs a few µs of a call that it has nothing to do with, the Lua fallback 20. A route that needs one names it, which switches it on. */
const filtersOff = { 'envoy.filters.http.lua': off, [corsFilter]: off, [sessionFilter]: off };

/** Scope keys are global to one Envoy and cut at the first ':': the table's id comes first and has none. */
export function scopeKey(tableId: string, hostname: string): string {
  return `${tableId}/${hostname}`;
}

type Listener = Pick<IrPort, 'port' | 'protocol'>;

/** The routes of one exact hostname. */
export function hostScope(listener: Listener, table: IrTable, host: IrHost): XdsResource {
  return scope(listener, scopeKey(table.id, host.hostname), [host], {
    virtual_hosts: [virtualHost(listener, host.hostname, ['*'], [host])],
    // Not of a call that finds no route here: that one goes on to the wildcards, whose routes may need them.
    typed_per_filter_config: filtersOff,
  });
}

/** All wildcard hosts of a table: Envoy picks the longest suffix that fits, and that host's routes go on to the shorter ones. */
export function wildcardScope(listener: Listener, table: IrTable, hosts: readonly IrHost[]): XdsResource {
  return scope(listener, scopeKey(table.id, '*'), hosts, {
    virtual_hosts: hosts.map((host) =>
      virtualHost(listener, host.hostname, [host.hostname], fallThroughChain(host, hosts)),
    ),
  });
}

function scope(
  listener: Listener,
  key: string,
  hosts: readonly IrHost[],
  config: RouteConfiguration,
): XdsResource {
  const routes = hosts.flatMap((host) => host.routes);
  const refs = routeRefs(routes);
  return scopeResource(key, config, {
    needs: [...new Set(routes.flatMap(clustersOf))],
    routes: refs,
    ...(refs.length > 1 && { probes: () => refs.map((route) => probe(listener, route, routes)) }),
  });
}

function scopeResource(
  key: string,
  config: RouteConfiguration,
  extras: Pick<XdsResource, 'needs' | 'routes' | 'probes'>,
): XdsResource {
  const build = (configName: string, more: Partial<XdsResource>): XdsResource =>
    makeResource(
      'srds',
      key,
      'envoy.config.route.v3.ScopedRouteConfiguration',
      scopeMessage(key, { name: configName, ...config }),
      { ...extras, ...more },
    );
  const reworded = (attempt: number): Uint8Array =>
    build(`${key}#${attempt}`, { version: resource.version }).entry;
  const resource: XdsResource = build(key, { reworded });
  return resource;
}

function scopeMessage(key: string, config: RouteConfiguration): ScopedRouteConfiguration {
  return {
    name: key,
    key: { fragments: [{ string_key: key }] },
    route_configuration: {
      // The second is Envoy's own, from knowing the client's address; x-forwarded-for says the same.
      request_headers_to_remove: [scopeHeader, pinHeader, 'x-envoy-external-address'],
      ignore_port_in_host_matching: true,
      // A backend's own header edits come after those of its rule.
      most_specific_header_mutations_wins: true,
      // Invalid shares name a cluster that is never there.
      validate_clusters: { value: false },
      ...config,
    },
  };
}

/** A scope of one route alone. Its key starts with '/', which no table's key does: no call meets it. */
function probe(
  listener: Listener,
  route: RouteRef,
  routes: readonly IrRoute[],
): { route: RouteRef; resource: XdsResource } {
  const own = routes.filter(({ source }) => sourceKey(source) === sourceKey(route.source));
  const alone = own.flatMap((each) => xdsRoutes(each, { listener, hostname: '*' }));
  const config = { virtual_hosts: [{ name: 'probe', domains: ['*'], routes: alone }] };
  return { route, resource: scopeResource('/probe', config, { needs: [], routes: [route] }) };
}

function virtualHost(
  listener: Listener,
  name: string,
  domains: string[],
  chain: readonly IrHost[],
): VirtualHost {
  const routes: Route[] = chain.flatMap(({ routes: own, hostname }) =>
    own.flatMap((route) => xdsRoutes(route, { listener, hostname })),
  );
  if (chain.at(-1)?.fallThrough === false) routes.push(noMatchRoute());
  return { name, domains, routes };
}

/** The wildcard host itself, then every less specific one that its unmatched calls may go on to. */
function fallThroughChain(host: IrHost, wildcards: readonly IrHost[]): IrHost[] {
  const chain = [host];
  const wider = wildcards
    .filter(({ hostname }) => hostname !== host.hostname && covers(hostname, host.hostname))
    .sort((a, b) => b.hostname.length - a.hostname.length);
  let current = host;
  for (const next of wider) {
    if (!current.fallThrough) break;
    chain.push(next);
    current = next;
  }
  return chain;
}

/** Whether `*.example.com` covers `*.a.example.com`; `*` covers all. */
function covers(wide: string, narrow: string): boolean {
  return wide === '*' || narrow.endsWith(wide.slice(1));
}

function routeRefs(routes: readonly IrRoute[]): RouteRef[] {
  const refs = new Map<string, RouteRef>();
  for (const { source, generation } of routes) refs.set(sourceKey(source), { source, generation });
  return [...refs.values()];
}
