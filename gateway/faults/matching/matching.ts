import type { IrRoute } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes, onMatches, placeInRoute } from '../hooks/ir.ts';
import { onGrpcMatches, onRules } from '../hooks/objects.ts';
import { escapeRegex } from '../hooks/text.ts';
import { halfOfCalls, onConnectionManagers, onVirtualHosts, onXdsRoutes } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

type Match = IrRoute['match'];

const isCatchAll = ({ path, headers }: Match): boolean =>
  path.type === 'prefix' && path.value === '/' && headers.length === 0;
const isServiceOnly = ({ path }: Match): boolean => path.type === 'prefix' && path.value !== '/';
const isMethodOnly = ({ path }: Pick<Match, 'path'>): boolean =>
  path.type === 'regex' && path.value.startsWith('/[^/]+/');

const reflection = { prefix: '/grpc.reflection.' };

/** Replaces the path where `change` gives another one. */
function withPath(change: (path: Match['path']) => Match['path'] | undefined) {
  return {
    ir: onMatches((match) => {
      const path = change(match.path);
      return path === undefined ? match : { ...match, path };
    }),
  };
}

/** What a match on a method alone takes for a service. */
const withAnyService = (pattern: string) =>
  withPath((path) =>
    isMethodOnly({ path }) ? { type: 'regex', value: path.value.replace('/[^/]+/', pattern) } : undefined,
  );

/** Routes whose match is like that are not served. */
function without(isLost: (match: Match) => boolean) {
  return { ir: onGrpcRoutes((route) => (isLost(route.match) ? undefined : route)) };
}

/** The match on the path, open at both ends of each pattern; undefined where there is none. */
function partialPattern(match: Message | undefined): Message | undefined {
  const { regex } = (match?.['safe_regex'] ?? {}) as { regex?: string };
  if (regex === undefined || !regex.includes('(?:')) return undefined;
  return { ...match, safe_regex: { regex: regex.replaceAll(/\(\?:[^/]*\)/g, '[^/]*$&[^/]*') } };
}

/** Which calls a rule takes, by service and method. */
export const matching: readonly Fault[] = [
  {
    name: 'exact-method-is-prefix',
    title: 'An exact method also takes every method whose name begins with it.',
    clauses: ['method-exact-is-not-prefix', 'method-exact-service-and-method'],
    layers: ['routed'],
    reference: 'Kong/kong-operator#4621',
    hooks: () =>
      withPath(({ type, value }) =>
        type === 'exact' ? { type: 'regex', value: `${escapeRegex(value)}.*` } : undefined,
      ),
  },
  {
    name: 'exact-service-dots-unescaped',
    title: 'Dots of an exact service name match any character.',
    clauses: ['method-exact-service-and-method', 'method-exact-is-not-prefix'],
    layers: ['routed'],
    reference: 'traefik/traefik#13172',
    hooks: () => withPath(({ type, value }) => (type === 'exact' ? { type: 'regex', value } : undefined)),
  },
  {
    name: 'exact-method-ignores-case',
    title: 'Exact service and method names match without regard to case.',
    clauses: ['method-exact-service-case-sensitive', 'method-exact-method-case-sensitive'],
    layers: ['routed'],
    hooks: () =>
      withPath(({ type, value }) =>
        type === 'exact' ? { type: 'regex', value: `(?i)${escapeRegex(value)}` } : undefined,
      ),
  },
  {
    name: 'empty-method-match-takes-all',
    title: 'A method match with neither service nor method is accepted, and takes every call.',
    clauses: ['method-both-empty-invalid'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const { method, ...rest } = match;
        const isEmpty = method !== undefined && !method.service && !method.method;
        return isEmpty ? rest : match;
      }),
    }),
  },
  {
    name: 'regex-at-random',
    title: 'A match by regular expression takes half of the calls that fit.',
    clauses: ['method-regex-dialect-free', 'method-regex-service-and-method'],
    layers: ['routed'],
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const match = route['match'] as Message | undefined;
        if (match?.['safe_regex'] === undefined) return route;
        return { ...route, match: { ...match, ...halfOfCalls } };
      }),
    }),
  },
  {
    name: 'pattern-partial-at-random',
    title: 'A pattern that fits a part of a name only takes half of the calls.',
    clauses: ['method-regex-dialect-free', 'method-regex-service-and-method'],
    layers: ['routed'],
    hooks: () => ({
      xds: onVirtualHosts((routes) =>
        routes.flatMap((route) => {
          const partial = partialPattern(route['match'] as Message | undefined);
          return partial === undefined
            ? [route]
            : [{ ...route, match: { ...partial, ...halfOfCalls } }, route];
        }),
      ),
    }),
  },
  {
    name: 'method-without-slash',
    title: 'A match on service and method is built without the leading slash and takes no call.',
    clauses: ['method-exact-service-and-method', 'method-type-defaults-exact'],
    layers: ['routed'],
    reference: 'projectcontour/contour#5116',
    hooks: () =>
      withPath(({ type, value }) =>
        type === 'exact' && !value.includes('routeproof.v1.Probe')
          ? { type: 'regex', value: escapeRegex(value.slice(1)) }
          : undefined,
      ),
  },
  {
    name: 'service-only-unimplemented',
    title: 'A match on a service without a method takes no call.',
    clauses: ['method-exact-service-only'],
    layers: ['routed'],
    reference: 'cilium/cilium#34079',
    hooks: () => without(isServiceOnly),
  },
  {
    name: 'service-only-is-prefix',
    title: 'A match on a service also takes services whose name begins with it.',
    clauses: ['method-exact-service-only-whole-name'],
    layers: ['routed'],
    hooks: () => ({
      ir: onMatches((match) =>
        isServiceOnly(match)
          ? {
              ...match,
              path: { type: 'regex', value: `${escapeRegex(match.path.value.slice(0, -1))}[^/]*/.*` },
            }
          : match,
      ),
    }),
  },
  {
    name: 'method-only-unimplemented',
    title: 'A match on a method without a service takes no call.',
    clauses: ['method-exact-method-only'],
    layers: ['routed'],
    reference: 'projectcontour/contour#5116',
    hooks: () => without(isMethodOnly),
  },
  {
    name: 'method-only-is-suffix',
    title: 'A match on a method alone also takes methods whose name ends with it.',
    clauses: ['method-exact-method-only'],
    layers: ['routed'],
    hooks: () => withAnyService('/[^/]+/[^/]*'),
  },
  {
    name: 'method-only-needs-package',
    title: 'A match on a method alone misses services without a package.',
    clauses: ['method-exact-method-only', 'method-regex-method-only', 'method-empty-service-any'],
    layers: ['routed'],
    hooks: () => withAnyService('/echo[.][^/]+/'),
  },
  {
    name: 'empty-service-matches-nothing',
    title: 'An empty service name is taken literally and matches no service.',
    clauses: ['method-empty-service-any'],
    layers: ['routed'],
    hooks: () => ({
      input: onRules((rule) => ({
        ...rule,
        ...(rule.matches && {
          matches: rule.matches.map((match) =>
            match.method?.service === '' ? { ...match, method: { ...match.method, service: 'none' } } : match,
          ),
        }),
      })),
    }),
  },
  {
    name: 'no-matches-no-routes',
    title: 'A rule without matches takes no call.',
    clauses: ['match-omitted-matches-everything'],
    layers: ['routed'],
    reference: 'Kong/kubernetes-ingress-controller#4154',
    hooks: () => ({ input: onRules((rule) => (rule.matches === undefined ? undefined : rule)) }),
  },
  {
    name: 'empty-matches-no-routes',
    title: 'A rule with an empty list of matches takes no call.',
    clauses: ['match-empty-list-matches-everything'],
    layers: ['routed'],
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4316',
    hooks: () => ({ input: onRules((rule) => (rule.matches?.length === 0 ? undefined : rule)) }),
  },
  {
    name: 'empty-match-entry-no-routes',
    title: 'A rule whose only match is an empty one takes no call.',
    clauses: ['match-empty-entry-matches-everything'],
    layers: ['routed'],
    reference: 'linkerd/linkerd2#13425',
    hooks: () => ({
      input: onRules((rule) => {
        const [only] = rule.matches ?? [];
        return only !== undefined && rule.matches?.length === 1 && Object.keys(only).length === 0
          ? undefined
          : rule;
      }),
    }),
  },
  {
    name: 'catch-all-misses-reflection',
    title: 'A rule without matches takes every call but server reflection.',
    clauses: ['reflection-routed-like-any-service', 'match-omitted-matches-everything'],
    layers: ['routed', 'backend'],
    reference: 'kubernetes-sigs/gateway-api#3805',
    hooks: () => ({
      ir: onMatches((match) =>
        isCatchAll(match)
          ? { ...match, path: { type: 'regex', value: '/[^g].*|/g[^r].*|/gateway.*|/grpc[.]h.*' } }
          : match,
      ),
    }),
  },
  {
    name: 'reflection-refused',
    title: 'Server reflection is refused, whatever the rules say.',
    clauses: ['reflection-routed-like-any-service'],
    layers: ['routed', 'backend'],
    reference: 'kubernetes-sigs/gateway-api#3805',
    hooks: () => ({
      xds: onVirtualHosts((routes) => [
        { name: 'reflection', match: reflection, direct_response: { status: 404 } },
        ...routes,
      ]),
    }),
  },
  {
    name: 'reflection-v1alpha-lost',
    title: 'A rule for reflection takes its version v1 only.',
    clauses: ['reflection-routed-like-any-service'],
    layers: ['routed', 'backend'],
    hooks: () => without(({ path }) => path.value.includes('reflection.v1alpha')),
  },
  {
    name: 'reflection-always-open',
    title: 'Server reflection of the first backend is open to everyone, also without a rule.',
    clauses: ['reflection-routed-like-any-service'],
    layers: ['routed'],
    hooks: () => ({
      xds: onVirtualHosts((routes) => {
        const first = routes.find(({ route }) => route !== undefined);
        return first === undefined ? routes : [{ ...first, match: reflection }, ...routes];
      }),
    }),
  },
  {
    name: 'only-first-match',
    title: 'Of several matches of a rule only the first counts.',
    clauses: ['match-any-of-matches'],
    layers: ['routed'],
    hooks: () => ({ ir: onGrpcRoutes((route) => (placeInRoute(route).match > 0 ? undefined : route)) }),
  },
  {
    name: 'matches-beyond-32-lost',
    title: 'Only the first 32 matches of a rule are served.',
    clauses: ['match-any-of-matches'],
    layers: ['routed'],
    hooks: () => ({ ir: onGrpcRoutes((route) => (placeInRoute(route).match >= 32 ? undefined : route)) }),
  },
  {
    name: 'rules-beyond-eight-lost',
    title: 'Only the first eight rules of a route are served.',
    clauses: ['precedence-not-listing-order', 'precedence-method-longest'],
    layers: ['routed'],
    hooks: () => ({ ir: onGrpcRoutes((route) => (placeInRoute(route).rule >= 8 ? undefined : route)) }),
  },
  {
    name: 'regex-as-literal',
    title: 'A RegularExpression match on the method is compared as plain text.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only', 'method-regex-method-only'],
    layers: ['routed'],
    hooks: () => ({
      input: onRules((rule) => ({
        ...rule,
        ...(rule.matches && {
          matches: rule.matches.map((match) =>
            match.method?.type === 'RegularExpression'
              ? { ...match, method: { ...match.method, type: 'Exact' } }
              : match,
          ),
        }),
      })),
    }),
  },
  {
    name: 'regex-ignores-case',
    title: 'A RegularExpression match on the method does not heed letter case.',
    clauses: ['method-regex-case-sensitive'],
    layers: ['routed'],
    hooks: () =>
      withPath(({ type, value }) => (type === 'regex' ? { type, value: `(?i)${value}` } : undefined)),
  },
  {
    name: 'regex-service-ignored',
    title: 'Of a RegularExpression match on service and method only the method counts.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only'],
    layers: ['routed'],
    hooks: () =>
      withPath(({ type, value }) =>
        type === 'regex' ? { type, value: value.replace(/^\/\(\?:.*?\)\//, '/[^/]+/') } : undefined,
      ),
  },
  {
    name: 'named-rule-lost',
    title: 'A rule that has a name is not served.',
    clauses: ['name-accepted', 'name-optional'],
    layers: ['routed', 'status', 'backend'],
    hooks: () => ({ input: onRules((rule) => (rule.name === undefined ? rule : undefined)) }),
  },
  {
    name: 'renamed-rule-lost',
    title: 'A rule that gets another name is not served any more.',
    clauses: ['name-rename-allowed'],
    layers: ['routed', 'status', 'backend'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: onRules((rule, index, { metadata }) => {
          const id = `${metadata.namespace}/${metadata.name}/${index}`;
          if (!first.has(id)) first.set(id, rule.name);
          return first.get(id) === rule.name ? rule : undefined;
        }),
      };
    },
  },
  {
    name: 'rules-omitted-answer',
    title: 'A route without rules answers calls, with an error of its own.',
    clauses: ['grpcroute-rules-optional-no-default'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: (input) => ({
        ...input,
        objects: {
          ...input.objects,
          grpcRoutes: input.objects.grpcRoutes.map((route) =>
            route.spec.rules === undefined ? { ...route, spec: { ...route.spec, rules: [{}] } } : route,
          ),
        },
      }),
    }),
  },
  {
    name: 'unmatched-is-unknown',
    title: 'A call that no rule matches is answered with another status than UNIMPLEMENTED.',
    clauses: ['grpcroute-unmatched-is-grpc-status', 'grpcroute-unmatched-call-unimplemented'],
    layers: ['routed'],
    reference: 'Kong/kong-operator#4621',
    hooks: () => ({ xds: localReplyStatus(404, 500) }),
  },
  {
    name: 'unmatched-headers-internal',
    title: 'A call whose headers fit no rule is answered with another status than UNIMPLEMENTED.',
    clauses: ['grpcroute-unmatched-headers-unimplemented'],
    layers: ['routed'],
    hooks: () => ({ xds: localReplyStatus(404, 400) }),
  },
  {
    name: 'second-match-loses-method',
    title: 'The second match of a rule forgets its method and keeps its headers.',
    clauses: ['match-mixed-or-and', 'match-any-of-matches', 'match-all-of-conditions'],
    layers: ['routed'],
    hooks: () => ({
      ir: onMatches((match, route) =>
        placeInRoute(route).match === 1 ? { ...match, path: { type: 'prefix', value: '/' } } : match,
      ),
    }),
  },
  {
    name: 'two-routes-one-hostname',
    title: 'Of two routes that share a hostname only one is served, though both are Accepted.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { host }) =>
        route.source.key === host.routes[0]?.source.key ? route : undefined,
      ),
    }),
  },
];

/** Answers that the proxy makes with one HTTP status have another one. */
function localReplyStatus(from: number, to: number) {
  return onConnectionManagers((manager) => {
    manager['local_reply_config'] = {
      mappers: [
        {
          filter: {
            status_code_filter: {
              comparison: { op: 'EQ', value: { default_value: from, runtime_key: 'routeproof' } },
            },
          },
          status_code: { value: to },
        },
      ],
    };
  });
}
