import { keyOf } from '../../../common/object-key.ts';
import type { GrpcRoute, GrpcRouteRule } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { onHosts } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits each rule of a route beside the one that was at its place at first. */
function besideFirstRule(
  edit: (
    now: GrpcRouteRule,
    first: GrpcRouteRule,
    routes: { now: GrpcRoute; first: GrpcRoute },
  ) => GrpcRouteRule,
): FaultHooks {
  return besideFirst('grpcRoutes', (now, first) => ({
    ...now,
    spec: {
      ...now.spec,
      rules: (now.spec.rules ?? []).map((rule, index) => {
        const before = first.spec.rules?.[index];
        return before === undefined ? rule : edit(rule, before, { now, first });
      }),
    },
  }));
}

const onRuleLists = (edit: (now: GrpcRouteRule[], first: GrpcRouteRule[]) => GrpcRouteRule[]): FaultHooks =>
  besideFirst('grpcRoutes', (now, first) => ({
    ...now,
    spec: { ...now.spec, rules: edit(now.spec.rules ?? [], first.spec.rules ?? []) },
  }));

/** Parts of a route whose edits are not followed, where edits of others are. */
export const edits: readonly Fault[] = [
  {
    name: 'filter-edits-ignored',
    title: 'An edit of the filters of a rule changes nothing; other edits are followed.',
    clauses: ['grpcroute-update-takes-effect', 'filter-request-header-set'],
    layers,
    hooks: () =>
      besideFirstRule(({ filters: _filters, ...rule }, first) => ({
        ...rule,
        ...(first.filters && { filters: first.filters }),
      })),
  },
  {
    name: 'removed-headers-kept',
    title: 'A match that keeps its method and loses its headers still asks for them.',
    clauses: ['grpcroute-update-takes-effect', 'match-headers-omitted-any-metadata'],
    layers,
    hooks: () =>
      besideFirstRule(({ matches, ...rule }, first) => ({
        ...rule,
        ...(matches && {
          matches: matches.map((match, index) => {
            const headers = first.matches?.[index]?.headers;
            return match.headers === undefined && headers !== undefined ? { ...match, headers } : match;
          }),
        }),
      })),
  },
  {
    name: 'removed-filters-kept',
    title: 'A rule that loses all of its filters keeps them.',
    clauses: ['grpcroute-update-takes-effect', 'filter-scope-is-rule'],
    layers,
    hooks: () => {
      const known = new Map<string, GrpcRouteRule['filters']>();
      return besideFirst('grpcRoutes', (now) => ({
        ...now,
        spec: {
          ...now.spec,
          rules: (now.spec.rules ?? []).map((rule, index) => {
            const id = `${keyOf(now)} ${index}`;
            const filters = (rule.filters ?? []).length > 0 ? rule.filters : known.get(id);
            known.set(id, filters);
            return { ...rule, ...(filters && { filters }) };
          }),
        },
      }));
    },
  },
  {
    name: 'header-match-edits-ignored',
    title: 'An edit of the headers that a rule matches changes nothing; other edits are followed.',
    clauses: ['grpcroute-update-takes-effect', 'header-exact-value'],
    layers,
    hooks: () =>
      besideFirstRule((rule, first) => ({
        ...rule,
        matches: (rule.matches ?? []).map(({ headers: _headers, ...match }, index) => {
          const headers = first.matches?.[index]?.headers;
          return { ...match, ...(headers && { headers }) };
        }),
      })),
  },
  {
    name: 'added-hostname-unserved',
    title: 'A hostname that a route gets later is not served.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideFirst('grpcRoutes', (now, { spec: { hostnames: known } }) => {
        const { hostnames } = now.spec;
        if (hostnames === undefined || known === undefined) return now;
        return { ...now, spec: { ...now.spec, hostnames: hostnames.filter((one) => known.includes(one)) } };
      }),
  },
  {
    name: 'added-rule-unserved',
    title: 'A rule that is added to a route is not served.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => onRuleLists((now, first) => now.slice(0, first.length)),
  },
  {
    name: 'removed-rule-served',
    title: 'A rule that is taken out of a route goes on being served.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', GrpcRouteRule[]>('grpcRoutes', (now, before = []) => {
        const rules = now.spec.rules ?? [];
        const isThere = new Set(rules.map(({ matches }) => JSON.stringify(matches)));
        const gone = before.filter(({ matches }) => !isThere.has(JSON.stringify(matches)));
        // One that is edited is not gone.
        const served = rules.length < before.length ? [...rules, ...gone] : rules;
        return { edited: { ...now, spec: { ...now.spec, rules: served } }, keep: served };
      }),
  },
  {
    name: 'backends-stay-at-their-place',
    title:
      'Where a rule is put in front of others, each rule gets the backends of the one that was at its place.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideFirstRule((rule, before, { now, first }) =>
        now.spec.rules?.length === first.spec.rules?.length
          ? rule
          : { ...rule, ...(before.backendRefs && { backendRefs: before.backendRefs }) },
      ),
  },
  {
    name: 'raised-from-zero-unserved',
    title: 'A backend whose weight was 0 at first gets no calls when it is raised.',
    clauses: ['weight-change-applied'],
    layers,
    hooks: () =>
      besideFirstRule((rule, first) => ({
        ...rule,
        ...(rule.backendRefs && {
          backendRefs: rule.backendRefs.map((ref, index) =>
            first.backendRefs?.[index]?.weight === 0 ? { ...ref, weight: 0 } : ref,
          ),
        }),
      })),
  },
  {
    name: 'loser-of-a-tie-never-served',
    title:
      'A route that had to give way to another one with the same match is not served when that one is gone.',
    clauses: ['grpcroute-delete-stops-traffic', 'precedence-oldest-route'],
    layers,
    hooks: () => {
      const lost = new Set<string>();
      return {
        ir: onHosts((host, { gateway }) => {
          const winners = new Map<string, string>();
          for (const { match, source, name } of host.routes) {
            const text = JSON.stringify(match);
            const winner = winners.get(text) ?? source.key;
            winners.set(text, winner);
            if (winner !== source.key) lost.add(`${gateway.key} ${host.hostname} ${name}`);
          }
          return {
            ...host,
            routes: host.routes.filter(({ name }) => !lost.has(`${gateway.key} ${host.hostname} ${name}`)),
          };
        }),
      };
    },
  },
];
