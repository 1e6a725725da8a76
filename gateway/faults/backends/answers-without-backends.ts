import type { IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { byChance, seldom } from '../hooks/chance.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { onRequests } from '../hooks/lua.ts';
import { underWildcards } from '../hooks/places.ts';
import { onXdsRoutes } from '../hooks/xds.ts';

const clauses = ['backend-all-invalid-unavailable'];
const layers: Fault['layers'] = ['routed', 'backend'];

/** HTTP 500 where a rule has nobody to send calls to and is as `which` says. */
function brokenLater(which: (route: IrRoute) => boolean): FaultHooks {
  return {
    ir: onGrpcRoutes((route) => {
      const isBroken = route.action.type === 'respond' && route.action.httpStatus === 503;
      return which(route) && isBroken ? { ...route, action: { type: 'respond', httpStatus: 500 } } : route;
    }),
  };
}

/** What callers are told where a rule has lost its backends. */
export const answersWithoutBackends: readonly Fault[] = [
  {
    name: 'edited-to-missing-answers-500',
    title:
      'A rule that is edited to name a missing Service answers HTTP 500; one that does from the start, 503.',
    clauses,
    layers,
    reference: 'envoyproxy/gateway#6287',
    hooks: () => brokenLater(({ generation }) => generation > 1),
  },
  {
    name: 'deleted-service-answers-500',
    title: 'A rule whose Service is deleted answers HTTP 500; one whose Service was never there, 503.',
    clauses,
    layers,
    hooks: () => {
      const forwarded = new Set<string>();
      return brokenLater(({ name, generation, action }) => {
        const version = `${name} ${String(generation)}`;
        if (action.type === 'forward') forwarded.add(version);
        return forwarded.has(version);
      });
    },
  },
];

/** The same over TLS. */
export const errorsOverTls: readonly Fault[] = [
  {
    name: 'all-invalid-answers-500-on-https',
    title: 'A rule whose references are all invalid answers HTTP 500 on HTTPS listeners.',
    clauses: ['backend-all-invalid-unavailable'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }): IrRoute =>
        port.protocol === 'HTTPS' && route.action.type === 'respond' && route.action.httpStatus === 503
          ? { ...route, action: { type: 'respond', httpStatus: 500 } }
          : route,
      ),
    }),
  },
];

/** The same under a wildcard hostname. */
export const errorsUnderWildcards: readonly Fault[] = [
  {
    name: 'all-invalid-answers-500-under-wildcards',
    title: 'A rule whose references are all invalid answers HTTP 500 under a wildcard hostname.',
    clauses,
    layers,
    hooks: () =>
      underWildcards((route) =>
        route.action.type === 'respond' && route.action.httpStatus === 503
          ? { ...route, action: { type: 'respond', httpStatus: 500 } }
          : route,
      ),
  },
];

/** When they are told. */
export const lateErrors: readonly Fault[] = [
  {
    name: 'unavailable-waits-for-caller',
    title: 'A stream whose rule has no usable backend is answered only when its caller has finished sending.',
    clauses: ['backend-all-invalid-unavailable', 'streaming-messages-not-held-back'],
    layers: ['routed', 'backend', 'http2'],
    hooks: () => {
      const { xds: inFront } = onRequests(`local name = handle:streamInfo():routeName() or ""
  if string.find(name, "/broken", 1, true) ~= nil then handle:body() end`);
      const marked = onXdsRoutes((route) => {
        const answer = route['direct_response'] as { status?: number } | undefined;
        if (answer?.status === 503) route['name'] = `${String(route['name'])}/broken`;
        return route;
      });
      return { xds: (resource, gateway) => inFront?.(marked(resource), gateway) };
    },
  },
];

/** Errors that not every call gets. */
export const errorsByChance: readonly Fault[] = [
  {
    name: 'one-call-in-fifty-falls-through-on-error',
    title: 'One call in 50 whose rule has nobody to send it to is served by a less specific rule.',
    clauses: ['grpcroute-no-fallthrough-on-error', 'backend-all-invalid-unavailable'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'respond' && route.action.httpStatus === 503 ? seldom(route, 98) : route,
      ),
      xds: byChance,
    }),
  },
];
