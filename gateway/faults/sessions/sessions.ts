import type { IrGateway, IrSession } from '../../ir/ir.ts';
import { keyOf } from '../../../common/object-key.ts';
import type { EndpointSlice, Service, SessionPersistence } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHosts } from '../hooks/ir.ts';
import { drop, isStream, onAnswersTo } from '../hooks/lua.ts';
import { onGrpcRoutesWith, onRules, serviceOf } from '../hooks/objects.ts';
import { editedAny, listOf, onConnectionManagers } from '../hooks/xds.ts';

/** Edits the sessionPersistence of each rule that has one; undefined takes it away. */
function onSessions(edit: (wanted: SessionPersistence) => SessionPersistence | undefined): FaultHooks {
  return {
    input: onRules(({ sessionPersistence, ...rule }) => {
      const wanted = sessionPersistence && edit(sessionPersistence);
      return wanted === undefined ? rule : { ...rule, sessionPersistence: wanted };
    }),
  };
}

/** Edits what is kept of sessions. */
function onKept(edit: (session: IrSession) => IrSession): { ir: (ir: IrGateway) => IrGateway } {
  return {
    ir: onGrpcRoutes((route) =>
      route.session === undefined ? route : { ...route, session: edit(route.session) },
    ),
  };
}

/** Replaces a part of the script that keeps sessions. */
function inScript(part: string, instead: string): FaultHooks {
  return {
    xds: onConnectionManagers((manager) => {
      for (const filter of listOf(manager['http_filters'])) {
        if (filter['name'] !== 'routeproof.session') continue;
        const config = filter['typed_config'] as Parameters<typeof editedAny>[0];
        filter['typed_config'] = editedAny(config, (lua) => {
          for (const code of Object.values(lua['source_codes'] as Record<string, Record<string, string>>))
            code['inline_string'] = (code['inline_string'] ?? '').replace(part, instead);
        });
      }
    }),
  };
}

/** Endpoints of a Service stay what they were when its selector changes. */
function firstSelectorsOnly(): NonNullable<FaultHooks['input']> {
  const known = new Map<string, { selector: string; slices: EndpointSlice[] }>();
  return (input) => {
    const { services, endpointSlices } = input.objects;
    const byService = Map.groupBy(endpointSlices, serviceOf);
    for (const service of services as readonly (Service & { spec?: { selector?: object } })[]) {
      const key = keyOf(service);
      const selector = JSON.stringify(service.spec?.selector ?? {});
      const first = known.get(key)?.selector ?? selector;
      if (first === selector) known.set(key, { selector, slices: byService.get(key) ?? [] });
      else byService.set(key, known.get(key)?.slices ?? []);
    }
    return { ...input, objects: { ...input.objects, endpointSlices: [...byService.values()].flat() } };
  };
}

const withBackends = (session: IrSession, backends: IrSession['pinned']['backends']): IrSession => ({
  ...session,
  pinned: { ...session.pinned, backends },
});

const own: readonly Omit<Fault, 'channel'>[] = [
  {
    name: 'sessions-ignored',
    title: 'Session persistence is accepted and left away.',
    clauses: [
      'session-header-set-and-honoured',
      'session-cookie-set-and-honoured',
      'session-unsupported-visible',
    ],
    layers: ['routed'],
    hooks: () => onSessions(() => undefined),
  },
  {
    name: 'session-tokens-not-honoured',
    title: 'Answers carry a token that nobody looks at again.',
    clauses: ['session-header-set-and-honoured', 'session-cookie-set-and-honoured'],
    layers: ['routed', 'backend'],
    hooks: () => onKept((session) => withBackends(session, [])),
  },
  {
    name: 'streams-begin-no-session',
    title: 'Answers to streams carry no token, so that no session begins with one.',
    clauses: ['session-header-set-and-honoured', 'session-cookie-set-and-honoured'],
    layers: ['routed'],
    hooks: () =>
      onAnswersTo(
        isStream,
        drop('handle:headers()', 'name == "set-cookie" or string.find(value, "^%x+%.%x+%.%d+%.%S+$") ~= nil'),
      ),
  },
  {
    name: 'header-sessions-by-cookie',
    title: 'Sessions are kept by cookie where the rule asks for a header.',
    clauses: ['session-header-set-and-honoured', 'session-route-overrides-policy'],
    layers: ['routed'],
    hooks: () => onSessions((wanted) => ({ ...wanted, type: 'Cookie' })),
  },
  {
    name: 'cookie-sessions-by-header',
    title: 'Sessions are kept by header where the rule asks for a cookie, or for nothing.',
    clauses: ['session-cookie-set-and-honoured', 'session-type-defaults-cookie'],
    layers: ['routed'],
    hooks: () => onSessions(({ cookieConfig: _cookieConfig, ...wanted }) => ({ ...wanted, type: 'Header' })),
  },
  {
    name: 'session-cookie-name-ignored',
    title: 'The name that a rule gives its session cookie is left away.',
    clauses: ['session-cookie-named'],
    layers: ['routed'],
    hooks: () =>
      onSessions(({ cookie: { name: _name, ...cookie } = {}, ...wanted }) =>
        wanted.type === 'Header' ? wanted : { ...wanted, cookie },
      ),
  },
  {
    name: 'session-cookies-share-name',
    title: 'All session cookies whose rules give them no name have the same one.',
    clauses: ['session-cookie-name-generated'],
    layers: ['routed'],
    hooks: () =>
      onKept((session) =>
        session.name.endsWith(session.scope) ? { ...session, name: 'routeproof-session' } : session,
      ),
  },
  {
    name: 'session-header-name-ignored',
    title: 'The name that a rule gives its session header is left away.',
    clauses: ['session-header-named'],
    layers: ['routed'],
    hooks: () => onSessions(({ header: _header, ...wanted }) => wanted),
  },
  {
    name: 'session-cookie-without-path',
    title: 'The session cookie of a rule that gives it no path has none, and clients take that of the call.',
    clauses: ['session-cookie-path-default'],
    layers: ['routed'],
    hooks: () => onKept((session) => ({ path: '', ...session })),
  },
  {
    name: 'session-cookie-path-ignored',
    title: 'A session cookie is for every path, whatever path its rule gives it.',
    clauses: ['session-cookie-path'],
    layers: ['routed'],
    hooks: () => onKept(({ path: _path, ...session }) => session),
  },
  {
    name: 'session-cookie-field-unread',
    title: 'The field that v1.7.0 has for cookies is not read: only that of v1.6.3 is.',
    clauses: ['session-field-v170-change', 'session-cookie-named', 'session-cookie-path'],
    layers: ['routed'],
    hooks: () => onSessions(({ cookie: _cookie, ...wanted }) => wanted),
  },
  {
    name: 'only-first-cookie-read',
    title: 'A session cookie counts only when no other cookie comes before it.',
    clauses: ['session-multiple-cookies'],
    layers: ['routed', 'backend'],
    hooks: () =>
      inScript('headers:get("cookie") or ""', 'string.match(headers:get("cookie") or "", "^[^;]*")'),
  },
  {
    name: 'session-cookie-outlives-client',
    title: 'A cookie that is to end with the client gets a Max-Age.',
    clauses: ['session-cookie-lifetime-session'],
    layers: ['routed'],
    hooks: () => onKept((session) => ({ absoluteTimeoutMs: 3_600_000, ...session, permanent: true })),
  },
  {
    name: 'permanent-cookie-ends-with-client',
    title: 'A permanent cookie has neither Max-Age nor Expires.',
    clauses: ['session-cookie-lifetime-permanent'],
    layers: ['routed'],
    hooks: () => onKept((session) => ({ ...session, permanent: false })),
  },
  {
    name: 'session-outlives-timeout',
    title: 'A session is honoured after its absolute timeout.',
    clauses: ['session-absolute-timeout'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onKept((session) => {
        const { absoluteTimeoutMs: _absoluteTimeoutMs, ...endless } = session;
        return session.permanent ? session : endless;
      }),
  },
  {
    name: 'session-timeouts-too-short',
    title: 'A session ends after a second, whatever its absolute timeout.',
    clauses: ['session-absolute-timeout'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onKept((session) =>
        session.absoluteTimeoutMs === undefined ? session : { ...session, absoluteTimeoutMs: 1000 },
      ),
  },
  {
    name: 'session-shared-by-rules',
    title: 'A token of one rule holds the calls of another one.',
    clauses: ['session-scoped-to-rule'],
    layers: ['routed', 'backend'],
    hooks: () => onKept((session) => ({ ...session, name: 'x-session', scope: 'a' })),
  },
  {
    name: 'session-values-shared-by-rules',
    title: 'What a token of one rule says is taken by another one, under the name that this one reads.',
    clauses: ['session-scoped-to-rule'],
    layers: ['routed', 'backend'],
    hooks: () => onKept((session) => ({ ...session, scope: 'a' })),
  },
  {
    name: 'session-on-every-rule',
    title: 'Session persistence of the first rule of a route is in force for all of them.',
    clauses: ['session-other-rules-unaffected'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, _index, { spec }) => {
        const first = spec.rules?.[0]?.sessionPersistence;
        return first === undefined ? rule : { ...rule, sessionPersistence: first };
      }),
    }),
  },
  {
    name: 'session-token-chooses-rule',
    title: 'A call with a token goes to the rule that gave it, whatever it matches.',
    clauses: ['session-no-effect-on-matching', 'session-other-rules-unaffected'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onHosts((host) => {
        const first = host.routes.flatMap((route) => {
          const { session } = route;
          if (session?.carrier !== 'header') return [];
          const match = { type: 'prefix', value: `${session.scope}.` } as const;
          const path = { type: 'prefix', value: '/' } as const;
          const headers = [{ name: session.name, match }];
          return [{ ...route, name: `${route.name}/token`, match: { path, headers, queryParams: [] } }];
        });
        return first.length === 0 ? host : { ...host, routes: [...first, ...host.routes] };
      }),
    }),
  },
  {
    name: 'session-overrides-first-weights',
    title: 'Calls without a token are shared out evenly where the rule has sessions.',
    clauses: ['session-initial-weights-honoured'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule) =>
        rule.sessionPersistence === undefined
          ? rule
          : {
              ...rule,
              backendRefs: (rule.backendRefs ?? []).map((ref) =>
                ref.weight === 0 ? ref : { ...ref, weight: 1 },
              ),
            },
      ),
    }),
  },
  {
    name: 'weights-beat-sessions',
    title: 'A session is lost when its backend gets weight 0.',
    clauses: ['session-beats-weights'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onKept((session) =>
        withBackends(
          session,
          session.pinned.backends.filter(({ weight }) => weight > 0),
        ),
      ),
  },
  {
    name: 'broken-session-not-renewed',
    title: 'When the pod of a session is gone, each call goes to any other one, and no new session begins.',
    clauses: ['session-broken-fallback', 'session-selector-change'],
    layers: ['routed', 'backend'],
    hooks: () => inScript('pinned ~= nil and pinned["pinned"] == served', 'pinned ~= nil'),
  },
  {
    name: 'selector-change-ignored',
    title: 'Calls go on to the pods that a Service has selected first, when it selects others.',
    clauses: ['session-selector-change'],
    layers: ['routed', 'backend'],
    hooks: () => ({ input: firstSelectorsOnly() }),
  },
  {
    name: 'session-lost-to-affinity',
    title: 'No session is kept on a Service with an affinity of its own, and the route does not say so.',
    clauses: ['session-service-affinity-conflict'],
    layers: ['routed', 'backend', 'status'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const bound = objects.services.filter(
          ({ spec }: Service & { spec?: { sessionAffinity?: string } }) =>
            spec?.sessionAffinity === 'ClientIP',
        );
        const isBound = (name: string): boolean =>
          bound.some(
            ({ metadata }) => metadata.name === name && metadata.namespace === route.metadata.namespace,
          );
        if (!route.spec.rules?.some(({ backendRefs = [] }) => backendRefs.some(({ name }) => isBound(name))))
          return route;
        const rules = route.spec.rules.map(({ sessionPersistence: _sessionPersistence, ...rule }) => rule);
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
];

/** Session persistence, which only the experimental channel has. */
export const sessions: readonly Fault[] = own.map((fault) => ({ ...fault, channel: 'experimental' }));
