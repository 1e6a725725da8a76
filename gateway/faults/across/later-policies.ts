import { keyOf } from '../../../common/object-key.ts';
import type { BackendTlsPolicy, Condition } from '../../translate/gateway-api.ts';
import { parentKeyOf } from '../../translate/listener-sets.ts';
import { Translator } from '../../translate/translator.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { clusterOf, onRoutes } from '../hooks/ir.ts';
import { well } from '../hooks/listener-sets.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { onPolicies, targetsOf } from '../hooks/policies.ts';
import { onConditions } from '../hooks/statuses.ts';

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

/** ListenerSets that move, or of whose listeners only some are served. */
export const movedListenerSets: readonly Fault[] = [
  {
    name: 'moved-listener-set-stays',
    title: 'A ListenerSet that is edited to name another Gateway stays with the one that it had.',
    clauses: ['listenerset-accepted-set', 'listenerset-serves-traffic', 'listenerset-attached-count-follows'],
    layers: ['status', 'routed', 'connect'],
    hooks: () =>
      besideFirst('listenerSets', (now, first) =>
        parentKeyOf(now) === parentKeyOf(first)
          ? now
          : { ...now, spec: { ...now.spec, parentRef: first.spec.parentRef } },
      ),
  },
  {
    name: 'first-listener-of-set-only',
    title: 'Of the listeners of a ListenerSet only the first is served, and all say that they are.',
    clauses: ['listenerset-serves-traffic', 'listenerset-route-no-section-all'],
    layers: ['routed', 'connect', 'tls', 'programmed'],
    hooks: () => {
      const healthy = new Translator();
      return {
        input: onObjects('listenerSets', (set) => ({
          ...set,
          spec: { ...set.spec, listeners: (set.spec.listeners ?? []).slice(0, 1) },
        })),
        statuses: (_, input) => healthy.translate(input).statuses,
      };
    },
  },
];
