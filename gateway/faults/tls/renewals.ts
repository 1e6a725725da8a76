import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { onObjects, onObjectsWith, uidOf } from '../hooks/objects.ts';

/** CAs and grants that are renewed. */
export const renewals: readonly Fault[] = [
  {
    name: 'client-ca-of-port-read-once',
    title: 'The CA that a Gateway names for the clients of one port is read once and never again.',
    clauses: ['tls-frontend-perport-overrides', 'tls-frontend-wrong-ca-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => {
      const first = new Map<string, Objects['configMaps'][number]>();
      return {
        input: onObjectsWith('configMaps', (configMap, { objects }) => {
          const isOfPort = objects.gateways.some(({ metadata, spec }) =>
            (spec.tls?.frontend?.perPort ?? [])
              .flatMap(({ tls }) => tls?.validation?.caCertificateRefs ?? [])
              .some(
                ({ namespace = metadata.namespace, name }) => objectKey(namespace, name) === keyOf(configMap),
              ),
          );
          if (!isOfPort) return configMap;
          const kept = first.get(keyOf(configMap)) ?? configMap;
          first.set(keyOf(configMap), kept);
          return kept;
        }),
      };
    },
  },
  {
    name: 'renewed-certificate-grant-unnoticed',
    title: 'A ReferenceGrant for certificates that is deleted and made again permits nothing.',
    clauses: ['tls-cross-namespace-grant-named', 'refgrant-addition-enables'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: onObjects('referenceGrants', (grant) => {
          if (!grant.spec.to.some(({ kind }) => kind === 'Secret')) return grant;
          const uid = uidOf(grant);
          if (!first.has(keyOf(grant))) first.set(keyOf(grant), uid);
          return first.get(keyOf(grant)) === uid ? grant : undefined;
        }),
      };
    },
  },
];
