import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { BackendTlsPolicy, Condition } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { clusterOf, onRoutes } from '../hooks/ir.ts';
import { well } from '../hooks/listener-sets.ts';
import { uidOf } from '../hooks/objects.ts';
import { onPolicies, targetsOf } from '../hooks/policies.ts';
import { onAncestors, onConditions, statusHook } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['backend', 'routed'];

const ageOf = ({ metadata }: BackendTlsPolicy): string =>
  `${new Date(metadata.creationTimestamp ?? 0).toISOString()} ${metadata.name}`;

/** Keeps a part of what policies ask of backends as it was first. */
const frozen = (part: 'hostname' | 'caCertificateRefs' | 'subjectAltNames'): FaultHooks =>
  besideFirst('backendTlsPolicies', (now, first): BackendTlsPolicy => {
    const { [part]: _now, ...validation } = now.spec.validation;
    const { [part]: kept } = first.spec.validation;
    const edited = { ...validation, ...(kept !== undefined && { [part]: kept }) };
    return { ...now, spec: { ...now.spec, validation: edited as typeof now.spec.validation } };
  });

/** Edits ResolvedRefs of routes beside what it last said of a policy that cannot be met, and whether it ever was True. */
function onReferences(
  edit: (now: Condition, unmet: Condition | undefined, wasMet: boolean) => Condition,
): FaultHooks {
  const unmet = new Map<string, Condition>();
  const met = new Set<string>();
  return {
    statuses: onConditions((condition, { level, object }) => {
      if (level !== 'parent' || condition.type !== 'ResolvedRefs') return condition;
      const key = keyOf(object);
      if (condition.reason === 'InvalidBackendTLSPolicy') unmet.set(key, condition);
      if (condition.status === 'True') met.add(key);
      return edit(condition, unmet.get(key), met.has(key));
    }),
  };
}

/** BackendTLSPolicies that change or come back. */
export const laterPolicies: readonly Fault[] = [
  {
    name: 'backend-tls-hostname-edit-unnoticed',
    title: 'A policy whose hostname is edited goes on asking for the name that it had.',
    clauses: ['btls-hostname-authenticates', 'btls-sni-is-hostname'],
    layers,
    hooks: () => frozen('hostname'),
  },
  {
    name: 'backend-tls-ca-edit-unnoticed',
    title: 'A policy that is edited to name another CA goes on trusting the one that it named.',
    clauses: ['btls-ca-authenticates'],
    layers: [...layers, 'status'],
    hooks: () => frozen('caCertificateRefs'),
  },
  {
    name: 'backend-tls-san-edit-unnoticed',
    title: 'A policy whose subjectAltNames are edited goes on asking for those that it had.',
    clauses: ['btls-san-match'],
    layers,
    hooks: () => frozen('subjectAltNames'),
  },
  {
    name: 'backend-tls-section-edit-unnoticed',
    title:
      'A policy that is edited to be for one port stays one for the whole Service, and the other way round.',
    clauses: ['btls-section-beats-whole-service', 'btls-section-not-found'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('backendTlsPolicies', (now, first) => {
        const targetRefs = now.spec.targetRefs.map(({ sectionName: _now, ...ref }, index) => {
          const kept = first.spec.targetRefs[index]?.sectionName;
          return { ...ref, ...(kept !== undefined && { sectionName: kept }) };
        });
        return { ...now, spec: { ...now.spec, targetRefs } };
      }),
  },
  {
    name: 'backend-tls-loser-stays-out',
    title: 'A policy that lost to another one is not in force when that is gone.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-alphabetical', 'btls-conflict-loser-status'],
    layers: [...layers, 'status'],
    hooks: () => {
      const lost = new Set<string>();
      return {
        input: (input) => {
          const { backendTlsPolicies: policies } = input.objects;
          const byTarget = Map.groupBy(policies, ({ metadata, spec }) =>
            JSON.stringify([metadata.namespace, spec.targetRefs[0]?.name, spec.targetRefs[0]?.sectionName]),
          );
          const isAlone = (policy: BackendTlsPolicy): boolean =>
            [...byTarget.values()].some((group) => group.length === 1 && group[0] === policy);
          for (const group of byTarget.values()) {
            const [, ...others] = group.toSorted((left, right) => ageOf(left).localeCompare(ageOf(right)));
            for (const other of others) lost.add(keyOf(other));
          }
          const left = policies.filter((policy) => !isAlone(policy) || !lost.has(keyOf(policy)));
          return { ...input, objects: { ...input.objects, backendTlsPolicies: left } };
        },
      };
    },
  },
  {
    name: 'backend-tls-bound-to-first-service',
    title: 'A policy is not in force on a Service that is deleted and made again.',
    clauses: ['btls-union-with-grpcroute', 'btls-no-plaintext-fallback'],
    layers,
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return onPolicies((policies, { objects }) => {
        const others = new Set<string>();
        for (const service of objects.services) {
          const uid = first.get(keyOf(service)) ?? uidOf(service);
          first.set(keyOf(service), uid);
          if (uid !== uidOf(service)) others.add(keyOf(service));
        }
        return policies.filter((policy) => ![...targetsOf([policy])].some((key) => others.has(key)));
      });
    },
  },
  {
    name: 'route-blind-to-later-unmet-policy',
    title:
      'A route whose references resolved goes on saying so when a policy of its backend cannot be met any more.',
    clauses: ['btls-unmet-makes-backend-invalid'],
    layers: ['status'],
    hooks: () =>
      onReferences((now, _unmet, wasMet) =>
        wasMet && now.reason === 'InvalidBackendTLSPolicy' ? well(now) : now,
      ),
  },
  {
    name: 'route-blind-to-mended-policy',
    title: 'A route goes on saying that a policy of its backend cannot be met when it can.',
    clauses: ['btls-unmet-makes-backend-invalid', 'btls-ca-content-reconciled'],
    layers: ['status'],
    hooks: () =>
      onReferences((now, unmet) =>
        now.status === 'True' && unmet !== undefined
          ? { ...now, status: 'False', reason: unmet.reason, message: unmet.message }
          : now,
      ),
  },
  {
    name: 'authority-becomes-backend-tls-name',
    title: 'Backends under a policy see its hostname as :authority, not the one that the caller sent.',
    clauses: ['grpc-authority-intact'],
    layers,
    hooks: () => ({
      ir: onRoutes((route, { gateway }) => {
        if (route.action.type !== 'forward' || route.source.kind !== 'GRPCRoute') return route;
        const names = route.action.backends.flatMap(({ cluster = '' }) => {
          const { tls } = clusterOf(gateway, cluster) ?? {};
          return tls === undefined ? [] : tls.serverName;
        });
        const [hostname] = names;
        if (hostname === undefined) return route;
        return { ...route, action: { ...route.action, rewrite: { hostname } } };
      }),
    }),
  },
];

/** Policies for ports that come later. */
export const laterSections: readonly Fault[] = [
  {
    name: 'later-section-unnoticed',
    title: 'A BackendTLSPolicy for a port that its Service gets later is not in force.',
    clauses: ['btls-section-not-found', 'btls-section-beats-whole-service'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const ports = new Map(
            input.objects.services.map((service) => [
              keyOf(service),
              new Set((service.spec?.ports ?? []).map(({ name }) => name)),
            ]),
          );
          const backendTlsPolicies = input.objects.backendTlsPolicies.filter((policy) => {
            const id = `${keyOf(policy)} ${policy.metadata.generation}`;
            for (const { name, sectionName } of policy.spec.targetRefs) {
              const there = ports.get(objectKey(policy.metadata.namespace, name));
              if (sectionName !== undefined && there?.has(sectionName) === false) missed.add(id);
            }
            return !missed.has(id);
          });
          return { ...input, objects: { ...input.objects, backendTlsPolicies } };
        },
      };
    },
  },
];

/** Entries of policies that Gateways and ports come to later, or leave. */
export const laterAncestors: readonly Fault[] = [
  {
    name: 'later-ancestor-missing',
    title: 'A Gateway that uses a policy later than others has no entry in its status.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const stored =
          ((object.status ?? {}) as { ancestors?: typeof update.status.ancestors }).ancestors ?? [];
        const own = stored.filter((entry) => entry.controllerName === controllerName);
        if (own.length === 0) return update;
        const ancestors = update.status.ancestors.filter(
          ({ ancestorRef, ...entry }) =>
            entry.controllerName !== controllerName ||
            own.some(({ ancestorRef: { name } }) => name === ancestorRef.name),
        );
        return { ...update, status: { ancestors } };
      }),
    }),
  },
  {
    name: 'last-ancestor-stays',
    title: 'The entry for the last Gateway that uses a policy stays when its route is deleted.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const isOwn = (entry: { controllerName: string }): boolean => entry.controllerName === controllerName;
        const stored =
          ((object.status ?? {}) as { ancestors?: typeof update.status.ancestors }).ancestors ?? [];
        return update.status.ancestors.some(isOwn)
          ? update
          : { ...update, status: { ancestors: [...update.status.ancestors, ...stored.filter(isOwn)] } };
      }),
    }),
  },
  {
    name: 'lost-section-stays-accepted',
    title: 'A policy for a port stays Accepted when its Service loses that port.',
    clauses: ['btls-section-not-found'],
    layers: ['status'],
    hooks: () => {
      const accepted = new Set<string>();
      return {
        statuses: onAncestors((ancestor, policy) => {
          const key = keyOf(policy);
          const isTrue = ancestor.conditions.some(
            ({ type, status }) => type === 'Accepted' && status === 'True',
          );
          if (isTrue) accepted.add(key);
          if (!accepted.has(key)) return ancestor;
          const conditions = ancestor.conditions.map((condition) =>
            condition.reason === 'TargetNotFound'
              ? ({ ...condition, status: 'True', reason: condition.type, message: 'all is well' } as const)
              : condition,
          );
          return { ...ancestor, conditions };
        }),
      };
    },
  },
];
