import { keyOf } from '../../../common/object-key.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutesWith } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

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
