import { keyOf } from '../../../common/object-key.ts';
import type { IrGateway, IrHost } from '../../ir/ir.ts';
import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import { clustersOf } from '../../xds/forward-action.ts';
import type { Fault, FaultContext, FaultHooks } from '../fault.ts';
import { withoutDrainTime } from '../hooks/deployment.ts';
import { clusterOf, onGrpcRoutes, onHosts } from '../hooks/ir.ts';
import { onConnectionManagers } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];
const lostForMs = 1000;

/** What was there at the last look, by name, and until when a change of it shows. */
class Changes {
  readonly #context: FaultContext;
  readonly #known = new Map<string, { text: string; until: number }>();

  constructor(context: FaultContext) {
    this.#context = context;
  }

  /** Whether it has changed in the last second; what comes for the first time has not. */
  isFresh(name: string, text: string): boolean {
    const { now, refreshAfter } = this.#context;
    const known = this.#known.get(name);
    if (known?.text === text) return now() < known.until;
    this.#known.set(name, { text, until: known === undefined ? 0 : now() + lostForMs });
    if (known !== undefined) refreshAfter(lostForMs + 10);
    return known !== undefined;
  }
}

/** A route is not there for a second after an edit of that part of it. */
function lostOnEdit(context: FaultContext, partOf: (spec: GrpcRoute['spec']) => unknown): FaultHooks {
  const changes = new Changes(context);
  let lost = new Set<string>();
  return {
    input: (input) => {
      const fresh = input.objects.grpcRoutes.filter((route) =>
        changes.isFresh(keyOf(route), JSON.stringify([partOf(route.spec)])),
      );
      lost = new Set(fresh.map(keyOf));
      return input;
    },
    ir: (gateway) => onGrpcRoutes((route) => (lost.has(route.source.key) ? undefined : route))(gateway),
  };
}

/** How often each of something has changed; what comes for the first time has not. */
class Times {
  readonly #known = new Map<string, { text: string; times: number }>();

  note(name: string, text: string): void {
    const known = this.#known.get(name);
    if (known?.text !== text)
      this.#known.set(name, { text, times: known === undefined ? 0 : known.times + 1 });
  }

  of(name: string): number {
    return this.#known.get(name)?.times ?? 0;
  }
}

/** Filter chains that change are replaced, and without time to drain their connections are cut. */
function cutting(timesOf: (gatewayKey: string, tableId: string) => number): FaultHooks {
  return {
    xds: (resource, gatewayKey) =>
      onConnectionManagers((manager, tableId) => {
        manager['stat_prefix'] = `${String(manager['stat_prefix'])}-${timesOf(gatewayKey, tableId)}`;
      })(resource),
    tellsAll: true,
    proxyObjects: withoutDrainTime,
  };
}

/** When the listeners of an HTTPS port become more, or fewer, connections to all of them are cut. */
function cutWithListeners(isMeant: (before: number, now: number) => boolean): FaultHooks {
  const counts = new Map<string, number>();
  const times = new Map<string, number>();
  return {
    ir: (gateway) => {
      for (const { port, protocol, tables } of gateway.ports) {
        const id = `${gateway.key} ${port}`;
        const before = counts.get(id) ?? tables.length;
        counts.set(id, tables.length);
        if (protocol === 'HTTPS' && isMeant(before, tables.length)) times.set(id, (times.get(id) ?? 0) + 1);
      }
      return gateway;
    },
    ...cutting((gatewayKey, tableId) => {
      const [, port = ''] = tableId.split('-');
      return times.get(`${gatewayKey} ${port}`) ?? 0;
    }),
  };
}

const routesOf = (hosts: readonly IrHost[]): string =>
  JSON.stringify(
    hosts.map(({ hostname, routes }) => [hostname, routes.map(({ name, generation }) => [name, generation])]),
  );

const endpointsOf = (gateway: IrGateway, clusters: readonly string[]): string =>
  JSON.stringify(clusters.map((name) => clusterOf(gateway, name)?.endpoints));

/** Calls and streams that a change costs, though they are served before and after it. */
export const losses: readonly Fault[] = [
  {
    name: 'unavailable-on-endpoint-change',
    title: 'Each endpoint that a Service gets or loses beside others costs a second of UNAVAILABLE.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    reference: 'envoyproxy/gateway#4685',
    hooks: (context) => {
      const changes = new Changes(context);
      return {
        ir: (gateway) =>
          onGrpcRoutes((route, { table, host }) => {
            const name = `${gateway.key} ${table.id} ${host.hostname} ${route.name} ${clustersOf(route).join()}`;
            return changes.isFresh(name, endpointsOf(gateway, clustersOf(route)))
              ? { ...route, action: { type: 'respond', httpStatus: 503 } }
              : route;
          })(gateway),
      };
    },
  },
  {
    name: 'streams-end-with-endpoint-change',
    title: 'Open streams end when a Service gets or loses another endpoint.',
    clauses: ['streaming-survives-route-change'],
    layers: ['backend', 'routed', 'trailers', 'http2', 'connect'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => {
      const served = new Map<string, string>();
      const times = new Map<string, number>();
      return {
        ir: (gateway) => {
          for (const { name, endpoints } of gateway.clusters) {
            const id = `${gateway.key} ${name}`;
            const [before, now] = [served.get(id) ?? '[]', JSON.stringify(endpoints)];
            served.set(id, now);
            if (before !== '[]' && before !== now) times.set(gateway.key, (times.get(gateway.key) ?? 0) + 1);
          }
          return gateway;
        },
        ...cutting((gatewayKey) => times.get(gatewayKey) ?? 0),
      };
    },
  },
  {
    name: 'streams-over-tls-end-with-route-change',
    title: 'Open streams on an HTTPS listener end when a route of it comes, goes or is edited.',
    clauses: ['streaming-survives-route-change'],
    layers: ['backend', 'routed', 'trailers', 'http2', 'connect'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => {
      const times = new Times();
      return {
        ir: (gateway) => {
          for (const { protocol, tables } of gateway.ports)
            for (const { id, hosts } of protocol === 'HTTPS' ? tables : [])
              times.note(`${gateway.key} ${id}`, routesOf(hosts));
          return gateway;
        },
        ...cutting((gatewayKey, tableId) => times.of(`${gatewayKey} ${tableId}`)),
      };
    },
  },
  {
    name: 'https-listener-comes-and-cuts-neighbours',
    title: 'An HTTPS listener that a port gets ends the streams of the others that it has.',
    clauses: ['streaming-survives-route-change'],
    layers: ['backend', 'routed', 'trailers', 'http2', 'connect'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => cutWithListeners((before, now) => now > before),
  },
  {
    name: 'https-listener-goes-and-cuts-neighbours',
    title: 'An HTTPS listener that a port loses ends the streams of the others that it has.',
    clauses: ['streaming-survives-route-change'],
    layers: ['backend', 'routed', 'trailers', 'http2', 'connect'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => cutWithListeners((before, now) => now < before),
  },
  {
    name: 'route-lost-on-filter-edit',
    title: 'A route is not there for a second after an edit of its filters.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) => lostOnEdit(context, ({ rules = [] }) => rules.map(({ filters }) => filters)),
  },
  {
    name: 'route-lost-on-hostname-edit',
    title: 'A route is not there for a second after an edit of its hostnames.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) => lostOnEdit(context, ({ hostnames }) => hostnames),
  },
  {
    name: 'route-lost-on-rule-in-front',
    title: 'A route is not there for a second after it has got or lost a rule.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) => lostOnEdit(context, ({ rules = [] }) => rules.length),
  },
  {
    name: 'route-lost-on-match-edit',
    title: 'A route is not there for a second after an edit of the matches of one of its rules.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) => lostOnEdit(context, ({ rules = [] }) => rules.at(-1)?.matches),
  },
  {
    name: 'route-lost-on-weight-edit',
    title: 'A route is not there for a second after an edit of its weights.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) =>
      lostOnEdit(context, ({ rules = [] }) => rules.at(-1)?.backendRefs?.map(({ weight = 1 }) => weight)),
  },
  {
    name: 'route-lost-on-parent-edit',
    title: 'A route is not there for a second, on any of its parents, after an edit of its parentRefs.',
    clauses: ['grpcroute-change-without-loss'],
    layers,
    hooks: (context) => lostOnEdit(context, ({ parentRefs }) => parentRefs),
  },
  {
    name: 'neighbours-lost-on-change',
    title: 'A route that comes, goes or is edited costs the other routes of its hostname a second.',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: (context) => {
      const changes = new Changes(context);
      const served = new Map<string, { text: string; versions: Map<string, number>; others: Set<string> }>();
      return {
        ir: (gateway) =>
          onHosts((host, { table }) => {
            const id = `${gateway.key} ${table.id} ${host.hostname}`;
            const versions = new Map(host.routes.map(({ source, generation }) => [source.key, generation]));
            const text = JSON.stringify([...versions]);
            let known = served.get(id);
            if (known?.text !== text) {
              const before = known?.versions;
              const others = new Set(
                [...versions.keys()].filter((key) => before?.get(key) === versions.get(key)),
              );
              known = { text, versions, others };
              served.set(id, known);
            }
            const { others } = known;
            if (!changes.isFresh(id, text)) return host;
            return { ...host, routes: host.routes.filter(({ source }) => !others.has(source.key)) };
          })(gateway),
      };
    },
  },
];
