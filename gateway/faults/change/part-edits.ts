import type {
  GrpcRoute,
  GrpcRouteMatch,
  GrpcRouteRule,
  ParentRef,
} from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits each rule beside what was served at its place before; others follow. */
function besideServedRule(edit: (now: GrpcRouteRule, served: GrpcRouteRule) => GrpcRouteRule): FaultHooks {
  return besideEarlier<'grpcRoutes', GrpcRouteRule[]>('grpcRoutes', (now, served = []) => {
    const rules = (now.spec.rules ?? []).map((rule, index) => {
      const before = served[index];
      return before === undefined ? rule : edit(rule, before);
    });
    return { edited: { ...now, spec: { ...now.spec, rules } }, keep: rules };
  });
}

const isIn = (list: readonly unknown[], one: unknown): boolean =>
  list.some((each) => JSON.stringify(each) === JSON.stringify(one));

/** A route is served as it was before that generation, and so are all later ones. */
function frozenFrom(generation: number): FaultHooks {
  return besideEarlier<'grpcRoutes', GrpcRoute>('grpcRoutes', (now, before) => {
    const keep = before !== undefined && (now.metadata.generation ?? 0) >= generation ? before : now;
    return { edited: { ...now, spec: keep.spec }, keep };
  });
}

/** What a route loses, gets or changes in a part, where other edits are followed. */
export const partEdits: readonly Fault[] = [
  {
    name: 'method-edits-ignored',
    title: 'An edit of the methods that a rule matches changes nothing; other edits are followed.',
    clauses: ['grpcroute-update-takes-effect', 'method-exact-service-and-method'],
    layers,
    hooks: () =>
      besideServedRule((rule, served) => ({
        ...rule,
        matches: (rule.matches ?? []).map(({ method, ...match }, index): GrpcRouteMatch => {
          const kept = served.matches?.[index]?.method ?? method;
          return { ...match, ...(kept && { method: kept }) };
        }),
      })),
  },
  {
    name: 'removed-match-served',
    title: 'A match that a rule loses goes on taking calls, as long as the rule has others.',
    clauses: ['grpcroute-update-takes-effect', 'match-any-of-matches'],
    layers,
    hooks: () =>
      besideServedRule((rule, served) => {
        const matches = rule.matches ?? [];
        const before = served.matches ?? [];
        if (matches.length === 0 || matches.length >= before.length) return rule;
        return { ...rule, matches: [...matches, ...before.filter((match) => !isIn(matches, match))] };
      }),
  },
  {
    name: 'added-match-unserved',
    title: 'A match that is added to a rule takes no calls.',
    clauses: ['grpcroute-update-takes-effect', 'match-any-of-matches'],
    layers,
    hooks: () =>
      besideServedRule((rule, served) => {
        const before = served.matches ?? [];
        if (before.length === 0 || (rule.matches ?? []).length <= before.length) return rule;
        return { ...rule, matches: (rule.matches ?? []).filter((match) => isIn(before, match)) };
      }),
  },
  {
    name: 'emptied-hostnames-kept',
    title: 'A route that loses all of its hostnames keeps them.',
    clauses: ['grpcroute-update-takes-effect', 'hostname-route-unset-inherits-listener'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', string[]>('grpcRoutes', (now, before = []) => {
        const { hostnames = [] } = now.spec;
        const served = hostnames.length === 0 ? before : hostnames;
        return { edited: { ...now, spec: { ...now.spec, hostnames: served } }, keep: served };
      }),
  },
  {
    name: 'emptied-backends-kept',
    title: 'A rule that loses all of its backendRefs keeps them.',
    clauses: ['grpcroute-update-takes-effect', 'backend-omitted-error'],
    layers,
    hooks: () =>
      besideServedRule((rule, served) =>
        (rule.backendRefs ?? []).length === 0 && served.backendRefs !== undefined
          ? { ...rule, backendRefs: served.backendRefs }
          : rule,
      ),
  },
  {
    name: 'emptied-matches-kept',
    title: 'A rule that loses all of its matches keeps them.',
    clauses: ['grpcroute-update-takes-effect', 'match-omitted-matches-everything'],
    layers,
    hooks: () =>
      besideServedRule((rule, served) =>
        (rule.matches ?? []).length === 0 && served.matches !== undefined
          ? { ...rule, matches: served.matches }
          : rule,
      ),
  },
  {
    name: 'sixth-version-ignored',
    title: 'The fifth edit of a route and all later ones change nothing.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: [...layers, 'status'],
    hooks: () => frozenFrom(6),
  },
  {
    name: 'parent-edits-ignored',
    title: 'An edit of parentRefs changes nothing; other edits are followed.',
    clauses: ['parentref-removed-detaches', 'grpcroute-update-takes-effect'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('grpcRoutes', (now, { spec: { parentRefs } }) => ({
        ...now,
        spec: { ...now.spec, ...(parentRefs && { parentRefs }) },
      })),
  },
  {
    name: 'returned-parent-unserved',
    title: 'A route that leaves a Gateway or listener and comes back is not served there.',
    clauses: ['grpcroute-update-takes-effect', 'parentref-attach-same-namespace'],
    layers: [...layers, 'status', 'connect'],
    hooks: () => {
      const textOf = (ref: ParentRef): string =>
        JSON.stringify([ref.namespace, ref.name, ref.sectionName, ref.port]);
      return besideEarlier<'grpcRoutes', Map<string, 'there' | 'gone'>>(
        'grpcRoutes',
        (now, seen = new Map()) => {
          const refs = now.spec.parentRefs ?? [];
          const texts = new Set(refs.map(textOf));
          for (const text of seen.keys()) if (!texts.has(text)) seen.set(text, 'gone');
          for (const text of texts) if (!seen.has(text)) seen.set(text, 'there');
          const parentRefs = refs.filter((ref) => seen.get(textOf(ref)) !== 'gone');
          return { edited: { ...now, spec: { ...now.spec, parentRefs } }, keep: seen };
        },
      );
    },
  },
];
