import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrGateway } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { forgetting } from '../hooks/first-seen.ts';
import { mapSame } from '../hooks/memo.ts';
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
