import { keyOf } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import { clustersOf } from '../../xds/forward-action.ts';
import type { Fault, FaultContext, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import type { RoutePlace } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';

/** The first version of each route for good, where `isMeant` says so of the newer one. */
function keepsFirst(isMeant: (now: GrpcRoute, first: GrpcRoute) => boolean): FaultHooks {
  const known = new Map<string, GrpcRoute>();
  return {
    input: onObjects('grpcRoutes', (route) => {
      const first = known.get(keyOf(route));
      if (first === undefined || !isMeant(route, first)) {
        known.set(keyOf(route), route);
        return route;
      }
      return { ...route, spec: { ...route.spec, rules: first.spec.rules ?? [] } };
    }),
  };
}

/** Does something else with a route for a while after its destination changed. */
function forAWhile(
  { now, refreshAfter }: FaultContext,
  ms: number,
  meanwhile: (route: IrRoute, before: IrRoute, place: RoutePlace) => IrRoute | undefined,
): FaultHooks {
  const served = new Map<string, { route: IrRoute; before: IrRoute; until: number }>();
  return {
    ir: (gateway) =>
      onGrpcRoutes((route, place) => {
        const { table, host } = place;
        const id = `${gateway.key} ${table.id} ${host.hostname} ${route.name}`;
        const known = served.get(id);
        const same =
          known !== undefined && JSON.stringify(known.route.action) === JSON.stringify(route.action);
        if (known === undefined || same) {
          served.set(id, { route, before: known?.before ?? route, until: known?.until ?? 0 });
          return known !== undefined && now() < known.until ? meanwhile(route, known.before, place) : route;
        }
        served.set(id, { route, before: known.route, until: now() + ms });
        refreshAfter(ms + 10);
        return meanwhile(route, known.route, place);
      })(gateway),
  };
}

/** Changes of what is served, and what they cost. */
export const change: readonly Fault[] = [
  {
    name: 'updates-ignored',
    title: 'A route is served as it was first written; edits change nothing.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    hooks: () => keepsFirst(() => true),
  },
  {
    name: 'backend-updates-ignored',
    title: 'An edit of backendRefs changes nothing; other edits are followed.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    hooks: () =>
      keepsFirst(
        (now, first) =>
          JSON.stringify((now.spec.rules ?? []).map(({ matches }) => matches)) ===
          JSON.stringify((first.spec.rules ?? []).map(({ matches }) => matches)),
      ),
  },
  {
    name: 'third-version-ignored',
    title: 'The second edit of a route and all later ones change nothing.',
    clauses: ['grpcroute-update-takes-effect', 'weight-change-applied'],
    layers: ['routed', 'backend'],
    hooks: () => keepsFirst(({ metadata: { generation = 0 } }) => generation > 2),
  },
  {
    name: 'deleted-route-served',
    title: 'A route that is deleted goes on being served.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers: ['routed'],
    hooks: () => {
      const known = new Map<string, GrpcRoute>();
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            if (!route.metadata.name.startsWith('rp-marker')) known.set(keyOf(route), route);
          const markers = input.objects.grpcRoutes.filter(({ metadata }) =>
            metadata.name.startsWith('rp-marker'),
          );
          return { ...input, objects: { ...input.objects, grpcRoutes: [...known.values(), ...markers] } };
        },
      };
    },
  },
  {
    name: 'deletion-takes-neighbours',
    title: 'The deletion of a route takes the routes of its namespace down.',
    clauses: ['grpcroute-delete-stops-traffic', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => {
      const counts = new Map<string, number>();
      return {
        input: (input) => {
          const now = new Map<string, number>();
          for (const { metadata } of input.objects.grpcRoutes) {
            if (metadata.name.startsWith('rp-marker')) continue;
            now.set(metadata.namespace ?? '', (now.get(metadata.namespace ?? '') ?? 0) + 1);
          }
          for (const [namespace, count] of now)
            counts.set(namespace, Math.max(count, counts.get(namespace) ?? 0));
          const grpcRoutes = input.objects.grpcRoutes.filter(
            ({ metadata: { namespace = '' } }) => (now.get(namespace) ?? 0) >= (counts.get(namespace) ?? 0),
          );
          return { ...input, objects: { ...input.objects, grpcRoutes } };
        },
      };
    },
  },
  {
    name: 'route-lost-on-update',
    title: 'A route is not there for a second after its backends have changed.',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#6287',
    hooks: (context) => forAWhile(context, 1000, () => undefined),
  },
  {
    name: 'unavailable-on-backend-change',
    title: 'A change of backends costs a second of UNAVAILABLE.',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    reference: 'projectcontour/contour#2151',
    hooks: (context) =>
      forAWhile(context, 1000, (route) => ({ ...route, action: { type: 'respond', httpStatus: 503 } })),
  },
  {
    name: 'unavailable-on-backend-change-over-tls',
    title: 'On HTTPS listeners a change of backends costs a second of UNAVAILABLE.',
    clauses: ['grpcroute-change-without-loss'],
    layers: ['routed', 'backend'],
    hooks: (context) =>
      forAWhile(context, 1000, (route, _before, { port }) =>
        port.protocol === 'HTTPS' ? { ...route, action: { type: 'respond', httpStatus: 503 } } : route,
      ),
  },
  {
    name: 'unavailable-on-change-to-tls-backend',
    title: 'A route that changes to a backend under a policy costs a second of UNAVAILABLE.',
    clauses: ['grpcroute-change-without-loss'],
    layers: ['routed', 'backend'],
    hooks: (context) =>
      forAWhile(context, 1000, (route) =>
        clustersOf(route).some((name) => name.includes('/tls-'))
          ? { ...route, action: { type: 'respond', httpStatus: 503 } }
          : route,
      ),
  },
  {
    name: 'new-cluster-comes-late',
    title: 'Routes send calls to a cluster for half a second before the proxy knows it.',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#6287',
    hooks: (context) =>
      forAWhile(context, 500, (route) => {
        const backends = [{ weight: 1, cluster: 'not/yet/there' }];
        return { ...route, action: { type: 'forward', backends } };
      }),
  },
  {
    name: 'updates-take-20s',
    title: 'A change of backends is served 20 seconds after it was written.',
    clauses: ['grpcroute-update-takes-effect', 'weight-change-applied'],
    layers: ['routed', 'backend'],
    hooks: (context) => forAWhile(context, 20_000, (route, before) => ({ ...route, action: before.action })),
  },
  {
    name: 'gateway-change-unnoticed',
    title: 'A route does not follow a change of its Gateway until it is edited itself.',
    clauses: ['status-follows-gateway-change', 'parentref-listener-appears-later'],
    layers: ['status', 'routed', 'connect'],
    reference: 'envoyproxy/gateway#8876',
    hooks: () => {
      const written = new Set<string>();
      return {
        statuses: (statuses, input) =>
          statuses.filter((update) => {
            if (update.kind !== 'GRPCRoute') return true;
            const route = input.objects.grpcRoutes.find(
              ({ metadata }) => metadata.name === update.name && metadata.namespace === update.namespace,
            );
            const parents = route?.spec.parentRefs ?? [];
            const settled = (route?.status?.parents ?? []).length >= parents.length;
            const id = `${update.namespace}/${update.name} ${route?.metadata.generation} ${JSON.stringify(parents)}`;
            if (settled && written.has(id)) return false;
            written.add(id);
            return true;
          }),
      };
    },
  },
  {
    name: 'one-bad-route-stops-all',
    title: 'One route with a pattern that does not compile keeps all later changes from being served.',
    clauses: ['method-regex-invalid-pattern', 'listener-invalid-rule-dropped'],
    layers: ['status', 'routed', 'programmed'],
    reference: 'kgateway-dev/kgateway#14264',
    hooks: () => ({
      input: (input) => {
        for (const { spec } of input.objects.grpcRoutes)
          for (const { matches = [] } of spec.rules ?? [])
            for (const { method } of matches)
              if (method?.type === 'RegularExpression') compile(method.service, method.method);
        return input;
      },
    }),
  },
  {
    name: 'invalid-rule-stops-recovery',
    title: 'A route that was once invalid is never served again, not even after it was mended.',
    clauses: [
      'grpcroute-update-takes-effect',
      'status-partiallyinvalid-cleared',
      'method-regex-invalid-pattern',
    ],
    layers: ['status', 'routed'],
    reference: 'kgateway-dev/kgateway#14264',
    hooks: () => {
      const bad = new Set<string>();
      return {
        input: onObjects('grpcRoutes', (route) => {
          for (const { matches = [] } of route.spec.rules ?? [])
            for (const { method } of matches)
              if (method?.type === 'RegularExpression' && !compiles(method.service, method.method))
                bad.add(keyOf(route));
          return route;
        }),
        ir: (gateway) => onGrpcRoutes((route) => (bad.has(route.source.key) ? undefined : route))(gateway),
      };
    },
  },
];

function compile(...patterns: (string | undefined)[]): void {
  for (const pattern of patterns) if (pattern !== undefined) new RegExp(pattern);
}

function compiles(...patterns: (string | undefined)[]): boolean {
  try {
    compile(...patterns);
    return true;
  } catch {
    return false;
  }
}
