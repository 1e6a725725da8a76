import { keyOf } from '../../../common/object-key.ts';
import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { Condition, Listener } from '../../translate/gateway-api.ts';
import { isWildcard } from '../../translate/hostname.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { drop, withLua } from '../hooks/lua.ts';
import { onGrpcRoutesWith, onObjects } from '../hooks/objects.ts';
import { onListenerStatuses, onParents } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['routed', 'backend'];
const none: IrHeaderEdit = { set: [], add: [], remove: [] };

/** A condition that is False now and was before keeps its generation. */
function lasting(conditions: readonly Condition[], before: readonly Condition[] = []): Condition[] {
  return conditions.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    return old?.observedGeneration !== undefined && old.status === 'False' && condition.status === 'False'
      ? { ...condition, observedGeneration: old.observedGeneration }
      : condition;
  });
}

/** Lua that runs on connections with TLS only; `at` is one of Envoy's two moments. */
const onTls = (at: 'request' | 'response', statements: string): ReturnType<typeof withLua> =>
  withLua(`function envoy_on_${at}(handle)
  if handle:connection():ssl() == nil then return end
  ${statements}
end`);

/** Answers on HTTPS listeners, and what a split does to them. */
export const answersInPart: readonly Fault[] = [
  {
    name: 'answers-unedited-on-https',
    title: 'Headers of answers are not edited on HTTPS listeners.',
    clauses: ['filter-core-supported', 'filter-response-header-set'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }) =>
        port.protocol === 'HTTPS' ? { ...route, responseHeaders: none } : route,
      ),
    }),
  },
  {
    name: 'answers-unedited-in-splits',
    title: 'Headers of answers are not edited where a rule has several backends.',
    clauses: ['filter-core-supported', 'filter-response-header-set'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'forward' && route.action.backends.length > 1
          ? { ...route, responseHeaders: none }
          : route,
      ),
    }),
  },
];

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

/** What is lost on connections with TLS only. */
export const callsOverTls: readonly Fault[] = [
  {
    name: 'trailers-dropped-on-https',
    title: 'Trailing metadata does not reach callers of HTTPS listeners.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () =>
      onTls(
        'response',
        `local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`,
      ),
  },
  {
    name: 'binary-metadata-dropped-on-https',
    title: 'Binary metadata of calls on HTTPS listeners does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'deadline-dropped-on-https',
    title: 'The deadline of a call on an HTTPS listener does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', 'handle:headers():remove("grpc-timeout")'),
  },
  {
    name: 'status-message-dropped-on-https',
    title: 'The message of a status does not reach callers of HTTPS listeners.',
    clauses: ['grpc-status-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () =>
      onTls(
        'response',
        `local t = handle:trailers()
  if t == nil then t = handle:headers() end
  t:remove("grpc-message")`,
      ),
  },
  {
    name: 'requests-held-back-on-https',
    title: 'Messages of callers of HTTPS listeners are held back until they have finished.',
    clauses: ['streaming-messages-not-held-back'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', 'handle:body()'),
  },
];

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

/** Verdicts that stay what they were, at a generation that is not theirs. */
export const lastingVerdicts: readonly Fault[] = [
  {
    name: 'lasting-refusal-generation-stale',
    title: 'Accepted=False keeps the generation that it was first written for through later edits.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { controllerName }) => {
        const before = (route.status?.parents ?? []).find(
          (each) =>
            each.controllerName === controllerName &&
            each.parentRef.name === parent.parentRef.name &&
            each.parentRef.sectionName === parent.parentRef.sectionName,
        );
        const isRefusal = ({ type }: Condition): boolean => type === 'Accepted';
        const conditions = (parent.conditions ?? []).flatMap((each) =>
          isRefusal(each) ? lasting([each], before?.conditions) : each,
        );
        return { ...parent, conditions };
      }),
    }),
  },
  {
    name: 'lasting-listener-problem-generation-stale',
    title: 'Conditions of listeners that are False, and stay so, keep their generation through later edits.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => ({
        ...listener,
        conditions: lasting(
          listener.conditions,
          gateway.status?.listeners?.find(({ name }) => name === listener.name)?.conditions,
        ),
      })),
    }),
  },
];

/** What comes after those that name it. */
export const latecomers: readonly Fault[] = [
  {
    name: 'late-mirror-unnoticed',
    title: 'The Service of a mirror that is created after its route is not noticed.',
    clauses: ['backend-recovers', 'filter-mirror-copies-calls'],
    layers: [...layers, 'status'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const there = new Set(objects.services.map(keyOf));
          const rules = (route.spec.rules ?? []).map((rule) => ({
            ...rule,
            ...(rule.filters && {
              filters: rule.filters.map((filter) => {
                if (filter.requestMirror === undefined) return filter;
                const { backendRef } = filter.requestMirror;
                const { namespace = route.metadata.namespace, name } = backendRef;
                const id = `${namespace}/${name}`;
                if (!there.has(id)) missed.add(id);
                return missed.has(id)
                  ? {
                      ...filter,
                      requestMirror: {
                        ...filter.requestMirror,
                        backendRef: { ...backendRef, name: `${name}-x` },
                      },
                    }
                  : filter;
              }),
            }),
          }));
          const hasMirror = rules.some(({ filters }) => filters?.some(({ requestMirror }) => requestMirror));
          return hasMirror ? { ...route, spec: { ...route.spec, rules } } : route;
        }),
      };
    },
  },
  {
    name: 'late-policy-target-unnoticed',
    title: 'A BackendTLSPolicy that was there before its Service is not in force.',
    clauses: ['btls-ca-authenticates', 'btls-target-not-found'],
    layers: [...layers, 'status'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const there = new Set(input.objects.services.map(keyOf));
          for (const policy of input.objects.backendTlsPolicies)
            for (const { name } of policy.spec.targetRefs)
              if (!there.has(`${policy.metadata.namespace}/${name}`)) missed.add(keyOf(policy));
          const backendTlsPolicies = input.objects.backendTlsPolicies.filter(
            (policy) => !missed.has(keyOf(policy)),
          );
          return { ...input, objects: { ...input.objects, backendTlsPolicies } };
        },
      };
    },
  },
];
