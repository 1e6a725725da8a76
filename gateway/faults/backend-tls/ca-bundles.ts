import { X509Certificate } from 'node:crypto';
import type { IrBackendTls } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onClusters } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';
import { onPolicies } from '../hooks/policies.ts';
import { onBackendTls } from '../hooks/xds.ts';
import { validationOf } from './backend-tls.ts';

const layers: Fault['layers'] = ['backend', 'routed'];

const onSettings = (edit: (tls: IrBackendTls) => IrBackendTls): FaultHooks => ({
  ir: onClusters((cluster) => (cluster.tls === undefined ? cluster : { ...cluster, tls: edit(cluster.tls) })),
});

const pems = (text: string): string[] => text.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/g) ?? [];

/** CAs that a BackendTLSPolicy names several of, or that come several in one bundle. */
export const caBundles: readonly Fault[] = [
  {
    name: 'backend-ca-first-of-bundle-only',
    title: 'Of a CA bundle with several certificates only the first counts.',
    clauses: ['btls-ca-authenticates'],
    layers,
    hooks: () => onSettings((tls) => ({ ...tls, caPem: pems(tls.caPem)[0] ?? tls.caPem })),
  },
  {
    name: 'backend-ca-taken-for-certificate',
    title:
      'A backend gets no calls where the CA of its policy has signed its certificate and is not that certificate itself.',
    clauses: ['btls-ca-authenticates', 'btls-hostname-authenticates'],
    layers,
    hooks: () => ({
      xds: onBackendTls((context) => {
        const validation = validationOf(context);
        const { inline_string: ca = '' } = (validation['trusted_ca'] ?? {}) as { inline_string?: string };
        const prints = pems(ca).map((pem) => new X509Certificate(pem).fingerprint256);
        validation['verify_certificate_hash'] = prints;
      }),
    }),
  },
  {
    name: 'second-backend-ca-untrusted',
    title: 'Of several CA references of a policy only the first counts.',
    clauses: ['btls-several-ca-refs'],
    layers,
    hooks: () =>
      onPolicies((policies) =>
        policies.map((policy) => {
          const { validation } = policy.spec;
          const refs = validation.caCertificateRefs;
          if (refs === undefined || refs.length < 2) return policy;
          const caCertificateRefs = refs.slice(0, 1);
          return { ...policy, spec: { ...policy.spec, validation: { ...validation, caCertificateRefs } } };
        }),
      ),
  },
  {
    name: 'backend-ca-last-of-bundle-only',
    title: 'Of a CA bundle with several certificates only the last counts.',
    clauses: ['btls-ca-authenticates'],
    layers,
    hooks: () => onSettings((tls) => ({ ...tls, caPem: pems(tls.caPem).at(-1) ?? tls.caPem })),
  },
];

const caLayers: Fault['layers'] = ['status', 'backend', 'routed'];

/** ConfigMaps with such a CA hold none. */
const emptyWhere = (isMeant: (pem: string) => boolean): FaultHooks => ({
  input: onObjects('configMaps', (configMap) => {
    const pem = configMap.data?.['ca.crt'] ?? '';
    return isMeant(pem) ? { ...configMap, data: { ...configMap.data, 'ca.crt': '' } } : configMap;
  }),
});

const certificatesIn = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g)].map(([text]) => text);

/** The same CAs, written down in another way. */
export const caNotations: readonly Fault[] = [
  {
    name: 'text-in-ca-bundle-refused',
    title: 'A CA bundle with lines of text between its certificates counts as malformed.',
    clauses: ['tls-ca-lax-bundle'],
    layers: caLayers,
    hooks: () => emptyWhere((pem) => /^#/m.test(pem)),
  },
  {
    name: 'repeated-ca-in-bundle-refused',
    title: 'A CA bundle that has a certificate twice counts as malformed.',
    clauses: ['tls-ca-lax-bundle'],
    layers: caLayers,
    reference: 'envoyproxy/gateway#8909',
    hooks: () => emptyWhere((pem) => new Set(certificatesIn(pem)).size < certificatesIn(pem).length),
  },
];
