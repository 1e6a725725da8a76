import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { RouteBackendRef } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { clusterOf, onBackends, onForwards, onHosts } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { onGrpcRoutesWith, onRules } from '../hooks/objects.ts';
import { targetsOf, unmet } from '../hooks/policies.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Leaves backendRefs out of rules that have others. */
function without(
  isMeant: (ref: RouteBackendRef, routeNamespace: string, input: TranslateInput) => boolean,
): FaultHooks {
  return {
    input: onGrpcRoutesWith((route, input) => {
      const rules = route.spec.rules ?? [];
      const next = mapSame(rules, (rule) => {
        const refs = rule.backendRefs ?? [];
        const kept = refs.filter((ref) => !isMeant(ref, route.metadata.namespace ?? '', input));
        return kept.length === 0 || kept.length === refs.length ? rule : { ...rule, backendRefs: kept };
      });
      return next === rules ? route : { ...route, spec: { ...route.spec, rules: next } };
    }),
  };
}

/** Beside a rule that takes every call, one for streams alone, which leaves out what is invalid. */
function sparedByStreams(route: IrRoute): IrRoute[] {
  const { action, match, name, source } = route;
  if (source.kind !== 'GRPCRoute' || action.type !== 'forward' || match.path.value !== '/') return [route];
  const backends = action.backends.filter(({ cluster }) => cluster !== undefined);
  if (backends.length === 0 || backends.length === action.backends.length) return [route];
  const path = { type: 'regex', value: '.*Stream' } as const;
  const ofStreams = { match: { ...match, path }, action: { ...action, backends } };
  return [{ ...route, ...ofStreams, name: `${name}/stream` }, route];
}

/** Shares of what a rule names, where some of it gets no calls, or there is much of it. */
export const shares: readonly Fault[] = [
  {
    name: 'invalid-share-by-count',
    title: 'The share of an invalid backend is that of weight 1, whatever its weight.',
    clauses: ['backend-invalid-share-unavailable', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () => ({
      ir: onBackends((backend) => (backend.cluster === undefined ? { ...backend, weight: 1 } : backend)),
    }),
  },
  {
    name: 'invalid-share-spared-by-streams',
    title: 'The share of an invalid backend goes to the others of its rule where calls are streams.',
    clauses: ['backend-invalid-share-unavailable', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => ({ ...host, routes: host.routes.flatMap(sparedByStreams) })),
    }),
  },
  {
    name: 'unpermitted-share-redistributed',
    title: 'The share of a backend that no grant permits goes to the others of its rule.',
    clauses: ['backend-invalid-share-unavailable', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () =>
      without(
        ({ namespace }, own, { objects }) =>
          namespace !== undefined &&
          namespace !== own &&
          !objects.referenceGrants.some(({ metadata }) => metadata.namespace === namespace),
      ),
  },
  {
    name: 'unknown-kind-share-redistributed',
    title: 'The share of a backend of an unknown kind goes to the others of its rule.',
    clauses: ['backend-invalid-share-unavailable', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () => without(({ kind = 'Service' }) => kind !== 'Service'),
  },
  {
    name: 'unmet-policy-share-redistributed',
    title: 'The share of a backend under a policy that cannot be met goes to the others of its rule.',
    clauses: ['btls-unmet-makes-backend-invalid', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () =>
      without(({ name, namespace }, own, input) => {
        const doomed = unmet(input);
        const policies = input.objects.backendTlsPolicies.filter((policy) => doomed.has(keyOf(policy)));
        return targetsOf(policies).has(objectKey(namespace ?? own, name));
      }),
  },
  {
    name: 'unsupported-protocol-share-redistributed',
    title: 'The share of a backend whose protocol cannot be spoken goes to the others of its rule.',
    clauses: ['backend-appprotocol-unsupported-status', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () =>
      without(({ name, namespace }, own, { objects }) =>
        objects.services.some(
          (service) =>
            keyOf(service) === objectKey(namespace ?? own, name) &&
            service.spec?.ports?.some(({ appProtocol = '' }) => /^kubernetes\.io\/wss?$/.test(appProtocol)),
        ),
      ),
  },
  {
    name: 'idle-share-redistributed',
    title: 'The share of a Service without endpoints goes to the others of its rule.',
    clauses: ['backend-no-endpoints-unavailable', 'weight-proportional'],
    layers,
    hooks: () =>
      without(
        ({ name, namespace }, own, { objects }) =>
          objects.services.some(
            ({ metadata }) =>
              objectKey(metadata.namespace, metadata.name) === objectKey(namespace ?? own, name),
          ) &&
          !objects.endpointSlices.some(
            ({ metadata, endpoints }) =>
              // The API server writes null for none.
              (endpoints ?? []).length > 0 &&
              metadata.namespace === (namespace ?? own) &&
              metadata.labels?.['kubernetes.io/service-name'] === name,
          ),
      ),
  },
  {
    name: 'weights-by-endpoint',
    title: 'Weights count for each endpoint: a backend with more of them gets more calls.',
    clauses: ['weight-proportional', 'weight-per-rule'],
    layers,
    hooks: () => ({
      // Made anew each time: the endpoints of a cluster change without the route.
      ir: (gateway) =>
        onBackends((backend) => {
          const { endpoints = [] } = clusterOf(gateway, backend.cluster ?? '') ?? {};
          return { ...backend, weight: backend.weight * Math.max(1, endpoints.length) };
        })(gateway),
    }),
  },
  {
    name: 'lost-share-redistributed',
    title: 'The share of a backend that becomes invalid while it is served goes to the others of its rule.',
    clauses: ['backend-invalid-share-unavailable', 'backend-invalid-not-redistributed'],
    layers,
    hooks: () => {
      const whole = new Set<string>();
      return {
        ir: onForwards((action, { name }) => {
          const valid = action.backends.filter(({ cluster }) => cluster !== undefined);
          if (valid.length === action.backends.length) whole.add(name);
          return whole.has(name) && valid.length > 0 && valid.length < action.backends.length
            ? { ...action, backends: valid }
            : action;
        }),
      };
    },
  },
  {
    name: 'weights-capped',
    title: 'Weights above 65,535 count as that.',
    clauses: ['weight-proportional', 'weight-not-a-percentage'],
    layers,
    hooks: () => ({
      ir: onBackends((backend) => ({ ...backend, weight: Math.min(backend.weight, 65_535) })),
    }),
  },
  {
    name: 'backends-beyond-eight-lost',
    title: 'Only the first eight backends of a rule are served.',
    clauses: ['weight-proportional', 'weight-single-backend-all'],
    layers,
    hooks: () => ({
      input: onRules((rule) =>
        rule.backendRefs === undefined ? rule : { ...rule, backendRefs: rule.backendRefs.slice(0, 8) },
      ),
    }),
  },
];
