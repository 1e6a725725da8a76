import { keyOf } from '../../../common/object-key.ts';
import { mostAncestors } from '../../translate/backends/backend-tls.ts';
import type {
  BackendTlsPolicy,
  Condition,
  ConfigMap,
  PolicyStatus,
} from '../../translate/model/gateway-api.ts';
import { timeOf } from '../../translate/memory/memo.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { remembered } from '../hooks/memo.ts';
import { onObjectsWith } from '../hooks/objects.ts';
import { onPolicies, unmet } from '../hooks/policies.ts';
import { onAncestors, onConditions, statusHook } from '../hooks/statuses.ts';

function created(policy: BackendTlsPolicy, ms: number): BackendTlsPolicy {
  return { ...policy, metadata: { ...policy.metadata, creationTimestamp: new Date(ms) } };
}

function onPolicyConditions(edit: (condition: Condition) => Condition | undefined): FaultHooks {
  return {
    statuses: onAncestors((ancestor) => ({
      ...ancestor,
      conditions: ancestor.conditions.flatMap((condition) => edit(condition) ?? []),
    })),
  };
}

/** Says True of what is False for that reason. */
function unreported(reason: string): FaultHooks {
  return onPolicyConditions((condition) =>
    condition.reason === reason && condition.status === 'False'
      ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
      : condition,
  );
}

function misnamed(from: string, to: string): FaultHooks {
  return onPolicyConditions((condition) =>
    condition.reason === from ? { ...condition, reason: to } : condition,
  );
}

/** BackendTLSPolicy: which of them is in force, and what their statuses say. */
export const backendTlsPolicies: readonly Fault[] = [
  {
    name: 'backend-ca-read-once',
    title: 'A ConfigMap with a CA is read once and never again.',
    clauses: ['btls-ca-content-reconciled'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => {
      const first = new Map<string, ConfigMap>();
      return {
        input: (input) => {
          const configMaps = input.objects.configMaps.map((configMap) => {
            const known = first.get(keyOf(configMap)) ?? configMap;
            first.set(keyOf(configMap), known);
            return known;
          });
          return { ...input, objects: { ...input.objects, configMaps } };
        },
      };
    },
  },
  {
    name: 'backend-tls-invalid-as-absent',
    title: 'A policy that cannot be met says so, and its backend is called in plaintext.',
    clauses: ['btls-no-plaintext-fallback', 'btls-invalid-fails-calls', 'btls-unmet-makes-backend-invalid'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies, input) => {
        const doomed = unmet(input);
        return policies.filter((policy) => !doomed.has(keyOf(policy)));
      }),
  },
  {
    name: 'backend-tls-unmet-route-resolved',
    title: 'A route to a backend under a policy that cannot be met says that its references resolve.',
    clauses: ['btls-unmet-makes-backend-invalid'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'InvalidBackendTLSPolicy'
          ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'backend-tls-section-ignored',
    title: 'A policy for one port is taken as one for the whole Service.',
    clauses: ['btls-section-beats-whole-service', 'btls-section-not-found'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies) =>
        policies.map((policy) => ({
          ...policy,
          spec: {
            ...policy.spec,
            targetRefs: policy.spec.targetRefs.map(({ sectionName: _section, ...target }) => target),
          },
        })),
      ),
  },
  {
    name: 'backend-tls-lost-section-taken-wide',
    title: 'A policy for a port that is not there is taken as one for the whole Service.',
    clauses: ['btls-section-not-found'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies, { objects }) =>
        policies.map((policy) => {
          const targetRefs = policy.spec.targetRefs.map(({ sectionName, ...target }) => {
            const key = `${policy.metadata.namespace ?? ''}/${target.name}`;
            const ports = objects.services.find((service) => keyOf(service) === key)?.spec?.ports ?? [];
            const isThere = ports.some(({ name }) => name === sectionName);
            return sectionName === undefined || !isThere ? target : { ...target, sectionName };
          });
          return { ...policy, spec: { ...policy.spec, targetRefs } };
        }),
      ),
  },
  {
    name: 'backend-tls-service-beats-section',
    title: 'A policy for the whole Service is in force on a port that has one of its own.',
    clauses: ['btls-section-beats-whole-service'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies) => {
        const wide = new Set(
          policies.flatMap(({ metadata, spec }) =>
            spec.targetRefs.flatMap(({ name, sectionName }) =>
              sectionName === undefined ? `${metadata.namespace ?? ''}/${name}` : [],
            ),
          ),
        );
        return policies.filter(({ metadata, spec }) =>
          spec.targetRefs.every(
            ({ name, sectionName }) =>
              sectionName === undefined || !wide.has(`${metadata.namespace ?? ''}/${name}`),
          ),
        );
      }),
  },
  {
    name: 'backend-tls-newest-wins',
    title: 'Of policies for one target the youngest is in force.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: (input) => {
        const backendTlsPolicies = input.objects.backendTlsPolicies.map((policy) =>
          created(policy, -timeOf(policy.metadata.creationTimestamp)),
        );
        return { ...input, objects: { ...input.objects, backendTlsPolicies } };
      },
    }),
  },
  {
    name: 'backend-tls-last-by-name-wins',
    title: 'Of equally old policies for one target the last by name is in force.',
    clauses: ['btls-conflict-alphabetical'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: (input) => {
        const backendTlsPolicies = input.objects.backendTlsPolicies.map((policy) => {
          const rank = policy.metadata.name.charCodeAt(0);
          return created(policy, timeOf(policy.metadata.creationTimestamp) - rank);
        });
        return { ...input, objects: { ...input.objects, backendTlsPolicies } };
      },
    }),
  },
  {
    name: 'backend-tls-loser-accepted',
    title: 'A policy that lost to another one is Accepted.',
    clauses: ['btls-conflict-loser-status'],
    layers: ['status'],
    hooks: () => unreported('Conflicted'),
  },
  {
    name: 'backend-tls-loser-invalid',
    title: 'A policy that lost to another one is called Invalid.',
    clauses: ['btls-conflict-loser-status'],
    layers: ['status'],
    hooks: () => misnamed('Conflicted', 'Invalid'),
  },
  {
    name: 'backend-ca-missing-accepted',
    title: 'A policy without any CA is Accepted.',
    clauses: ['btls-all-ca-invalid'],
    layers: ['status'],
    hooks: () => unreported('NoValidCACertificate'),
  },
  {
    name: 'backend-tls-own-entry-fills-the-list',
    title:
      'A policy whose status is full counts as one that cannot be met, even if one of the entries is its own.',
    clauses: ['btls-ancestor-list-full', 'btls-ancestor-status'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: onObjectsWith('backendTlsPolicies', (policy, { controllerName }) => {
        const ancestors = policy.status?.ancestors ?? [];
        if (ancestors.length < mostAncestors) return policy;
        const others = ancestors.map((entry) => ({
          ...entry,
          controllerName: entry.controllerName.replace(controllerName, 'example.org/taken'),
        }));
        return { ...policy, status: { ancestors: others } };
      }),
    }),
  },
  {
    name: 'backend-tls-full-for-good',
    title: 'A policy whose status was full once is never in force, whatever room there is later.',
    clauses: ['btls-ancestor-list-full'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => {
      const full = new Map<string, PolicyStatus>();
      return {
        input: onObjectsWith('backendTlsPolicies', (policy, { controllerName }) => {
          const { status } = policy;
          const foreign = (status?.ancestors ?? []).filter(
            (entry) => entry.controllerName !== controllerName,
          );
          if (status !== undefined && foreign.length >= mostAncestors) full.set(keyOf(policy), status);
          const kept = full.get(keyOf(policy));
          return kept === undefined || kept === status ? policy : { ...policy, status: kept };
        }),
      };
    },
  },
  {
    name: 'backend-ca-partly-missing-is-none',
    title: 'A policy with a valid and an invalid CA reference is said to have no valid one.',
    clauses: ['btls-some-ca-invalid'],
    layers: ['status'],
    hooks: () => ({
      statuses: onAncestors((ancestor) => {
        const isBroken = ancestor.conditions.some(({ reason }) => reason === 'InvalidCACertificateRef');
        const conditions = ancestor.conditions.map((condition): Condition =>
          isBroken && condition.type === 'Accepted' && condition.status === 'True'
            ? { ...condition, status: 'False', reason: 'NoValidCACertificate' }
            : condition,
        );
        return { ...ancestor, conditions };
      }),
    }),
  },
  {
    name: 'backend-ca-missing-wrong-reason',
    title: 'A CA reference that leads nowhere is reported with the reason for another kind.',
    clauses: ['btls-ca-invalid-ref'],
    layers: ['status'],
    hooks: () => misnamed('InvalidCACertificateRef', 'InvalidKind'),
  },
  {
    name: 'backend-ca-kind-wrong-reason',
    title: 'A CA reference of an unknown kind is reported as one that leads nowhere.',
    clauses: ['btls-ca-invalid-kind'],
    layers: ['status'],
    hooks: () => misnamed('InvalidKind', 'InvalidCACertificateRef'),
  },
  {
    name: 'backend-tls-invalid-accepted',
    title: 'Policies for UDP ports and with CAs that nobody knows are Accepted.',
    clauses: ['btls-udp-port', 'btls-wellknown-unsupported'],
    layers: ['status'],
    hooks: () => unreported('Invalid'),
  },
  {
    name: 'backend-tls-lost-target-accepted',
    title: 'A policy for a Service or port that is not there is Accepted.',
    clauses: ['btls-section-not-found', 'btls-target-not-found'],
    layers: ['status'],
    hooks: () => unreported('TargetNotFound'),
  },
  {
    name: 'backend-tls-refs-not-reported',
    title: 'Policies have no ResolvedRefs condition.',
    clauses: ['btls-resolvedrefs-true', 'btls-ca-invalid-ref', 'btls-ca-invalid-kind'],
    layers: ['status'],
    hooks: () =>
      onPolicyConditions((condition) => (condition.type === 'ResolvedRefs' ? undefined : condition)),
  },
  {
    name: 'backend-tls-outlives-policy',
    title: 'A policy stays in force after it was deleted.',
    clauses: ['btls-removal-restores-plaintext'],
    layers: ['backend', 'routed'],
    hooks: () => {
      const known = new Map<string, BackendTlsPolicy>();
      return onPolicies((policies) => {
        for (const policy of policies) known.set(keyOf(policy), policy);
        return [...known.values()];
      });
    },
  },
  {
    name: 'backend-tls-in-all-namespaces',
    title: 'A policy is in force for Services of its name in every namespace.',
    clauses: ['btls-target-same-namespace'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies, { objects }) => [
        ...policies,
        ...policies.flatMap((policy) =>
          objects.services
            .filter(
              ({ metadata }) =>
                metadata.namespace !== policy.metadata.namespace &&
                policy.spec.targetRefs.some(({ name }) => name === metadata.name),
            )
            .map(({ metadata: { namespace = '' } }) => ({
              ...policy,
              metadata: { ...policy.metadata, namespace, name: `copy-of-${policy.metadata.name}` },
            })),
        ),
      ]),
  },
  {
    name: 'backend-tls-one-ancestor',
    title: 'The status of a policy tells of one Gateway, however many use it.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => {
      const first = new Map<string, string>();
      return {
        statuses: onAncestors((ancestor, policy) => {
          const own = first.get(keyOf(policy)) ?? ancestor.ancestorRef.name;
          first.set(keyOf(policy), own);
          return own === ancestor.ancestorRef.name ? ancestor : undefined;
        }),
      };
    },
  },
  {
    name: 'backend-tls-ancestor-for-each-target',
    title: 'The status of a policy has an entry for a Gateway as many times as the policy has targetRefs.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    reference: 'nginx/nginx-gateway-fabric#2935',
    hooks: () => ({
      statuses: statusHook((update, policy, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const { targetRefs } = (policy as BackendTlsPolicy).spec;
        const ancestors = update.status.ancestors.flatMap((entry) =>
          entry.controllerName === controllerName ? targetRefs.map(() => entry) : entry,
        );
        return { ...update, status: { ancestors } };
      }),
    }),
  },
  {
    name: 'backend-tls-stale-ancestors',
    title: 'An entry for a Gateway that does not use the policy any more stays.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, { objects, controllerName }) =>
        statuses.map((update) => {
          if (update.kind !== 'BackendTLSPolicy') return update;
          const key = `${update.namespace}/${update.name}`;
          const stored = objects.backendTlsPolicies.find((policy) => keyOf(policy) === key)?.status
            ?.ancestors;
          const gone = (stored ?? []).filter(
            (old) =>
              old.controllerName === controllerName &&
              !update.status.ancestors.some(({ ancestorRef }) => ancestorRef.name === old.ancestorRef.name),
          );
          return { ...update, status: { ancestors: [...update.status.ancestors, ...gone] } };
        }),
    }),
  },
  {
    name: 'backend-tls-foreign-ancestor-dropped',
    title: 'Entries of other controllers in the status of a policy are dropped.',
    clauses: ['btls-ancestor-foreign-kept'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, { controllerName }) =>
        statuses.map((update) =>
          update.kind === 'BackendTLSPolicy'
            ? {
                ...update,
                status: {
                  ancestors: update.status.ancestors.filter(
                    (entry) => entry.controllerName === controllerName,
                  ),
                },
              }
            : update,
        ),
    }),
  },
  {
    name: 'backend-tls-full-status-ignored',
    title: 'A policy is in force although its status has no room for the Gateway.',
    clauses: ['btls-ancestor-list-full'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => {
      const roomy = remembered((policy: BackendTlsPolicy): BackendTlsPolicy => {
        const ancestors = (policy.status?.ancestors ?? []).slice(0, 15);
        return { ...policy, status: { ancestors } };
      });
      return {
        input: (input) => {
          const backendTlsPolicies = input.objects.backendTlsPolicies.map(roomy);
          return { ...input, objects: { ...input.objects, backendTlsPolicies } };
        },
        // What would be one entry too many is not written.
        statuses: (statuses, { objects }) =>
          statuses.filter(
            (update) =>
              update.kind !== 'BackendTLSPolicy' ||
              objects.backendTlsPolicies.some(
                (policy) =>
                  keyOf(policy) === `${update.namespace}/${update.name}` &&
                  (policy.status?.ancestors.length ?? 0) < 16,
              ),
          ),
      };
    },
  },
  {
    name: 'backend-tls-stale-generation',
    title: 'The conditions of a policy keep the generation that they were first written for.',
    clauses: ['btls-observedgeneration-current'],
    layers: ['status'],
    hooks: () => onPolicyConditions((condition) => ({ ...condition, observedGeneration: 1 })),
  },
];
