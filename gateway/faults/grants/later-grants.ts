import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { GrpcRoute, ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutesWith } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend', 'status'];

/** The other namespaces that a route's backendRefs lead to. */
function namespacesOf({ metadata, spec }: GrpcRoute): string[] {
  const all = (spec.rules ?? []).flatMap(({ backendRefs = [] }) =>
    backendRefs.map(({ namespace = metadata.namespace ?? '' }) => namespace),
  );
  return [...new Set(all)].filter((namespace) => namespace !== metadata.namespace).sort();
}

/** Says that a reference is not permitted where a grant is gone. */
function refused(route: GrpcRoute, { controllerName, now }: TranslateInput): StatusUpdate[] {
  const parents = (route.status?.parents ?? []).map((parent) =>
    parent.controllerName === controllerName && parent.conditions !== undefined
      ? {
          ...parent,
          conditions: parent.conditions.map((condition) =>
            condition.type === 'ResolvedRefs'
              ? ({
                  ...condition,
                  status: 'False',
                  reason: 'RefNotPermitted',
                  message: `no ReferenceGrant permits backends of ${namespacesOf(route).join(', ')}`,
                  lastTransitionTime: now,
                } as const)
              : condition,
          ),
        }
      : parent,
  );
  const { namespace = '', name } = route.metadata;
  return parents.length === 0 ? [] : [{ kind: 'GRPCRoute', namespace, name, status: { parents } }];
}

/** Grants that hold for less than they say, or whose end shows in the status alone. */
export const laterGrants: readonly Fault[] = [
  {
    name: 'grants-of-one-namespace-only',
    title: 'Of a route with backends in two other namespaces only those of the first are permitted.',
    clauses: ['refgrant-addition-enables', 'refgrant-grpcroute-core-kind'],
    layers,
    hooks: () => ({
      input: onGrpcRoutesWith((route) => {
        const [, ...later] = namespacesOf(route);
        if (later.length === 0) return route;
        const rules = (route.spec.rules ?? []).map((rule) => ({
          ...rule,
          ...(rule.backendRefs && {
            backendRefs: rule.backendRefs.map((ref) =>
              later.includes(ref.namespace ?? '') ? { ...ref, namespace: `${ref.namespace}-x` } : ref,
            ),
          }),
        }));
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
  {
    name: 'grant-misses-later-services',
    title: 'A grant for all Services of a namespace permits those only that were there before it.',
    clauses: ['refgrant-to-name-omitted-all', 'refgrant-addition-enables'],
    layers,
    hooks: () => {
      const covered = new Map<string, string[]>();
      return {
        input: (input) => {
          const { services, referenceGrants } = input.objects;
          const edited = referenceGrants.map((grant): ReferenceGrant => {
            const { namespace } = grant.metadata;
            const all = grant.spec.to.some(({ kind, name }) => kind === 'Service' && name === undefined);
            if (!all) return grant;
            const names =
              covered.get(keyOf(grant)) ??
              services
                .filter(({ metadata }) => metadata.namespace === namespace)
                .map(({ metadata }) => metadata.name);
            covered.set(keyOf(grant), names);
            const to = grant.spec.to.flatMap((each) =>
              each.kind === 'Service' && each.name === undefined
                ? names.map((name) => ({ ...each, name }))
                : each,
            );
            return { ...grant, spec: { ...grant.spec, to } };
          });
          return { ...input, objects: { ...input.objects, referenceGrants: edited } };
        },
      };
    },
  },
  {
    name: 'revoked-backend-still-served',
    title:
      'When a ReferenceGrant is deleted the status of its routes says so, and their calls go on to the backend.',
    clauses: ['refgrant-removal-revokes', 'backend-cross-namespace-denied-unavailable'],
    layers,
    hooks: () => {
      const known = new Map<string, ReferenceGrant>();
      return {
        input: (input) => {
          for (const grant of input.objects.referenceGrants) known.set(keyOf(grant), grant);
          return { ...input, objects: { ...input.objects, referenceGrants: [...known.values()] } };
        },
        statuses: (statuses, input) => {
          const now = new Set(input.objects.referenceGrants.map(({ metadata }) => metadata.namespace));
          const before = new Set([...known.values()].map(({ metadata }) => metadata.namespace));
          const lost = input.objects.grpcRoutes.filter((route) =>
            namespacesOf(route).some((namespace) => before.has(namespace) && !now.has(namespace)),
          );
          const keys = new Set(lost.map(keyOf));
          return [
            ...statuses.filter(
              ({ kind, namespace, name }) => kind !== 'GRPCRoute' || !keys.has(objectKey(namespace, name)),
            ),
            ...lost.flatMap((route) => refused(route, input)),
          ];
        },
      };
    },
  },
  {
    name: 'later-grant-unnoticed',
    title: 'A ReferenceGrant permits nothing to routes that were made before it, until they are edited.',
    clauses: ['refgrant-addition-enables', 'refgrant-edit-recomputed'],
    layers,
    hooks: () => {
      const refusedAt = new Set<string>();
      const idOf = (route: GrpcRoute): string => `${keyOf(route)} ${route.metadata.generation}`;
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const granted = new Set(objects.referenceGrants.map(({ metadata }) => metadata.namespace));
          if (namespacesOf(route).some((namespace) => !granted.has(namespace))) refusedAt.add(idOf(route));
          if (!refusedAt.has(idOf(route))) return route;
          const rules = (route.spec.rules ?? []).map((rule) => ({
            ...rule,
            ...(rule.backendRefs && {
              backendRefs: rule.backendRefs.map((ref) =>
                ref.namespace === undefined || ref.namespace === route.metadata.namespace
                  ? ref
                  : { ...ref, namespace: `${ref.namespace}-x` },
              ),
            }),
          }));
          return { ...route, spec: { ...route.spec, rules } };
        }),
      };
    },
  },
];
