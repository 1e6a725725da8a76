import { hash } from 'node:crypto';
import type { GrpcRouteRule } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { clusterOf, onGrpcRoutes, placeInRoute } from '../hooks/ir.ts';
import { editedAny, listOf, onConnectionManagers } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Sessions = GrpcRouteRule['sessionPersistence'];

/** What each rule of a GRPCRoute asks for beside what was asked at its place first. */
const besideFirstSession = (edit: (now: Sessions, first: Sessions) => Sessions): FaultHooks =>
  besideFirst('grpcRoutes', (now, first) => {
    const rules = (now.spec.rules ?? []).map(({ sessionPersistence, ...rule }, index) => {
      const kept = edit(sessionPersistence, first.spec.rules?.[index]?.sessionPersistence);
      return { ...rule, ...(kept && { sessionPersistence: kept }) };
    });
    return { ...now, spec: { ...now.spec, rules } };
  });

const hex = (text: string): string => hash('sha1', text, 'hex').slice(0, 12);

const own: readonly Omit<Fault, 'channel'>[] = [
  {
    name: 'later-session-ignored',
    title: 'Session persistence that a rule gets when it has been served without is accepted and left away.',
    clauses: [
      'session-header-set-and-honoured',
      'session-cookie-set-and-honoured',
      'session-unsupported-visible',
    ],
    layers,
    hooks: () => besideFirstSession((now, first) => first && now),
  },
  {
    name: 'removed-session-kept',
    title: 'Session persistence that a rule loses stays in force.',
    clauses: ['session-other-rules-unaffected', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () => besideFirstSession((now, first) => now ?? first),
  },
  {
    name: 'session-ends-with-new-endpoint',
    title: 'The sessions of a rule end when its Service gets another endpoint.',
    clauses: ['session-header-set-and-honoured', 'session-cookie-set-and-honoured'],
    layers,
    hooks: () => ({
      // Made anew each time: the endpoints of a cluster change without the route.
      ir: (gateway) =>
        onGrpcRoutes((route) => {
          const { session } = route;
          if (session === undefined) return route;
          const endpoints = session.pinned.backends.flatMap(
            ({ cluster = '' }) => clusterOf(gateway, cluster)?.endpoints ?? [],
          );
          return { ...route, session: { ...session, scope: hex(session.scope + JSON.stringify(endpoints)) } };
        })(gateway),
    }),
  },
  {
    name: 'sessions-stay-at-their-place',
    title:
      'A session belongs to a place among the rules: it ends when a rule is put in front, and is that of the other one when two change places.',
    clauses: ['session-outlives-neighbours', 'session-scoped-to-rule'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        const { session, source } = route;
        if (session === undefined) return route;
        return {
          ...route,
          session: { ...session, scope: hex(`${source.key} ${String(placeInRoute(route).rule)}`) },
        };
      }),
    }),
  },
  {
    name: 'session-shared-by-routes',
    title: 'A token of one route holds the calls of another one whose rule is at the same place in it.',
    clauses: ['session-scoped-to-rule'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.session === undefined
          ? route
          : { ...route, session: { ...route.session, scope: hex(String(placeInRoute(route).rule)) } },
      ),
    }),
  },
  {
    name: 'sessions-skip-streams',
    title: 'A stream that brings a token goes to any endpoint.',
    clauses: ['session-header-set-and-honoured', 'session-cookie-set-and-honoured'],
    layers,
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        const part = 'if session == nil then return end';
        const streams = 'string.find(headers:get(":path") or "", "Stream", 1, true) ~= nil';
        for (const filter of listOf(manager['http_filters'])) {
          if (filter['name'] !== 'routeproof.session') continue;
          const config = filter['typed_config'] as Parameters<typeof editedAny>[0];
          filter['typed_config'] = editedAny(config, (lua) => {
            for (const code of Object.values(lua['source_codes'] as Record<string, Record<string, string>>))
              code['inline_string'] = (code['inline_string'] ?? '').replace(
                part,
                `if session == nil or ${streams} then return end`,
              );
          });
        }
      }),
    }),
  },
];

/** How long a session lasts, and for which calls: the experimental channel has them. */
export const sessionExtent: readonly Fault[] = own.map((fault) => ({ ...fault, channel: 'experimental' }));
