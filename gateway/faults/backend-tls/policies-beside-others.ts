import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrGateway } from '../../ir/ir.ts';
import { timeOf } from '../../translate/memory/memo.ts';
import type { BackendTlsPolicy, Condition } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { forgetting } from '../hooks/first-seen.ts';
import { well } from '../hooks/listener-sets.ts';
import { mapSame } from '../hooks/memo.ts';
import { isUnresolved, onAncestors, statusHook } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

/** Policies and client certificates that are right alone. */
export const policyPairs: readonly Fault[] = [
  {
    name: 'policy-of-first-backend-for-all',
    title:
      'Of a rule with several backends under policies, what the first policy says holds for all of them.',
    clauses: ['btls-sni-is-hostname', 'btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () => {
      const edit = (ir: IrGateway): IrGateway => {
        const firstOf = new Map<string, string>();
        for (const { tables } of ir.ports)
          for (const { hosts } of tables)
            for (const { routes } of hosts)
              for (const { action } of routes) {
                if (action.type !== 'forward') continue;
                const secure = action.backends.flatMap(({ cluster }) =>
                  cluster?.includes('/tls-') === true ? cluster : [],
                );
                const [first] = secure;
                for (const each of secure.slice(1))
                  if (first !== undefined && each !== first) firstOf.set(each, first);
              }
        if (firstOf.size === 0) return ir;
        const clusters = mapSame(ir.clusters, (cluster) => {
          const first = ir.clusters.find(({ name }) => name === firstOf.get(cluster.name));
          return first?.tls === undefined ? cluster : { ...cluster, tls: first.tls };
        });
        return { ...ir, clusters };
      };
      return { ir: edit };
    },
  },
  {
    name: 'client-certificate-of-other-gateway',
    title: 'A backend is shown the client certificate of one Gateway by every other Gateway too.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend', 'tls'],
    hooks: () => {
      let known: IrGateway['backendClientCertificate'];
      return {
        ir: (ir) => {
          known = ir.backendClientCertificate ?? known;
          return known === undefined || ir.backendClientCertificate !== undefined
            ? ir
            : { ...ir, backendClientCertificate: known };
        },
      };
    },
  },
];

/** A CA that two policies name. */
export const sharedByPolicies: readonly Fault[] = [
  {
    name: 'ca-goes-with-a-policy',
    title: 'The CA of a policy that is deleted is missing for other policies as well.',
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => {
      const forgotten = forgetting();
      return unseen((input) => {
        const named = new Map(
          input.objects.backendTlsPolicies.map((policy) => [
            keyOf(policy),
            (policy.spec.validation.caCertificateRefs ?? []).map(({ name }) =>
              objectKey(policy.metadata.namespace, name),
            ),
          ]),
        );
        const lost = forgotten(named);
        const configMaps = input.objects.configMaps.filter((configMap) => !lost.has(keyOf(configMap)));
        return { ...input, objects: { ...input.objects, configMaps } };
      });
    },
  },
];

/** CAs beside each other in one policy. */
export const casBesideOthers: readonly Fault[] = [
  {
    name: 'second-backend-ca-broken-unreported',
    title: 'A policy with several CAs of which one cannot be found says that all references resolve.',
    clauses: ['btls-some-ca-invalid'],
    layers: ['status'],
    hooks: () => ({
      statuses: onAncestors((ancestor, { spec }) =>
        (spec.validation.caCertificateRefs ?? []).length < 2
          ? ancestor
          : {
              ...ancestor,
              conditions: ancestor.conditions.map((each) => (isUnresolved(each) ? well(each) : each)),
            },
      ),
    }),
  },
];

/** Policies for Services of one name in several namespaces. */
export const policiesOfNamesakes: readonly Fault[] = [
  {
    name: 'policies-of-namesake-services-conflict',
    title: 'A policy loses to an older one whose Service has the name of its own, in another namespace.',
    clauses: ['btls-target-same-namespace'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      statuses: statusHook((update, object, { objects }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const policy = object as BackendTlsPolicy;
        const isBeaten = objects.backendTlsPolicies.some((other) => isOlderNamesake(other, policy));
        if (!isBeaten) return update;
        const ancestors = update.status.ancestors.map((ancestor) => ({
          ...ancestor,
          conditions: ancestor.conditions.map((each) => (each.type === 'Accepted' ? lost(each) : each)),
        }));
        return { ...update, status: { ancestors } };
      }),
    }),
  },
];

/** In a namespace whose name begins with that of the other: those of one scenario do, so that others beside it are left alone. */
function isOlderNamesake(other: BackendTlsPolicy, policy: BackendTlsPolicy): boolean {
  const targetOf = ({ spec }: BackendTlsPolicy): string | undefined => spec.targetRefs[0]?.name;
  return (
    (other.metadata.namespace ?? '').startsWith(`${policy.metadata.namespace ?? ''}-`) &&
    targetOf(other) === targetOf(policy) &&
    timeOf(other.metadata.creationTimestamp) < timeOf(policy.metadata.creationTimestamp)
  );
}

const lost = (condition: Condition): Condition => ({
  ...condition,
  status: 'False',
  reason: 'Conflicted',
  message: 'an older policy targets a Service of that name',
});
