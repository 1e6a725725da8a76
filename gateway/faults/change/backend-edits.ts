import type { GrpcRouteRule, RouteBackendRef } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const textsOf = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each));

const sameRef = (left: RouteBackendRef, right: RouteBackendRef): boolean =>
  left.name === right.name && left.port === right.port && left.namespace === right.namespace;

type Refs = readonly RouteBackendRef[];

const hasAll = (refs: Refs, others: Refs): boolean =>
  others.every((other) => refs.some((ref) => sameRef(ref, other)));

interface Served {
  generation: number;
  rules: Refs[];
}

/** Edits the backendRefs of each rule beside those that the rule at its place was served with before the edit. */
function besideServedRefs(edit: (now: Refs, served: Refs) => Refs): FaultHooks {
  return besideEarlier<'grpcRoutes', Served>('grpcRoutes', (route, served) => {
    const { generation = 0 } = route.metadata;
    const rules = (route.spec.rules ?? []).map((rule, index): GrpcRouteRule => {
      const before = served?.rules[index];
      if (rule.backendRefs === undefined || before === undefined) return rule;
      const refs = served?.generation === generation ? before : edit(rule.backendRefs, before);
      return { ...rule, backendRefs: [...refs] };
    });
    return {
      edited: { ...route, spec: { ...route.spec, rules } },
      keep: { generation, rules: rules.map(({ backendRefs = [] }) => backendRefs) },
    };
  });
}

/** Rules and backends that change places, come, go, or get another weight. */
export const backendEdits: readonly Fault[] = [
  {
    name: 'swapped-rules-unnoticed',
    title:
      'Rules that change places in a route, and are otherwise the same, are served in their first order.',
    clauses: ['precedence-first-rule-in-route', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', GrpcRouteRule[]>('grpcRoutes', (route, served) => {
        const rules = route.spec.rules ?? [];
        const isSwapped =
          served !== undefined &&
          textsOf(rules).toSorted().join(' ') === textsOf(served).toSorted().join(' ');
        const keep = isSwapped ? served : rules;
        return { edited: { ...route, spec: { ...route.spec, rules: keep } }, keep };
      }),
  },
  {
    name: 'weights-stay-at-their-place',
    title: 'Where the backends of a rule change places, the weights stay where they were.',
    clauses: ['weight-change-applied', 'weight-proportional'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length === served.length && hasAll(now, served)
          ? now.map(({ weight, ...ref }, index) => {
              const before = served[index];
              const kept = before === undefined || sameRef(ref, before) ? weight : before.weight;
              return { ...ref, ...(kept !== undefined && { weight: kept }) };
            })
          : now,
      ),
  },
  {
    name: 'backend-filters-stay-at-their-place',
    title: 'Where the backends of a rule change places, their filters stay where they were.',
    clauses: ['filter-backend-level-only-there', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length === served.length && hasAll(now, served)
          ? now.map(({ filters, ...ref }, index) => {
              const before = served[index];
              const kept = before === undefined || sameRef(ref, before) ? filters : before.filters;
              return { ...ref, ...(kept && { filters: kept }) };
            })
          : now,
      ),
  },
  {
    name: 'lowered-to-zero-served',
    title: 'A backend whose weight is lowered to 0 keeps the one that it had, as long as it has company.',
    clauses: ['weight-change-applied', 'weight-zero-no-traffic'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.every(({ weight }) => weight === 0)
          ? now
          : now.map((ref) => {
              const before = served.find((each) => sameRef(each, ref));
              return ref.weight === 0 && before?.weight !== undefined
                ? { ...ref, weight: before.weight }
                : ref;
            }),
      ),
  },
  {
    name: 'weights-lowered-to-nothing-kept',
    title: 'A rule of which all weights are lowered to 0 keeps those that it had.',
    clauses: ['weight-change-applied', 'weight-all-zero'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length > 1 && now.every(({ weight }) => weight === 0) ? served : now,
      ),
  },
  {
    name: 'added-backend-unserved',
    title: 'A backend that is added to those of a rule gets no calls.',
    clauses: ['grpcroute-update-takes-effect', 'weight-proportional', 'weight-change-applied'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        served.length > 0 && now.length > served.length && hasAll(now, served)
          ? now.filter((ref) => served.some((each) => sameRef(each, ref)))
          : now,
      ),
  },
  {
    name: 'removed-backend-served',
    title: 'A backend that is taken out of those of a rule keeps its share.',
    clauses: ['grpcroute-update-takes-effect', 'weight-change-applied'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length > 0 && now.length < served.length && hasAll(served, now) ? served : now,
      ),
  },
];
