import type { IrBackendTls } from '../ir/ir.ts';
import type { Fault, FaultHooks } from './fault.ts';
import { onClusters } from './hooks/ir.ts';
import { onObjects } from './hooks/objects.ts';

const layers: Fault['layers'] = ['backend', 'routed'];

const onSettings = (edit: (tls: IrBackendTls) => IrBackendTls): FaultHooks => ({
  ir: onClusters((cluster) => (cluster.tls === undefined ? cluster : { ...cluster, tls: edit(cluster.tls) })),
});

const pems = (text: string): string[] => text.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/g) ?? [];

/** What a BackendTLSPolicy may name several of. */
export const backendTlsCorners: readonly Fault[] = [
  {
    name: 'backend-ca-first-ref-only',
    title: 'Of several CA references of a policy only the first counts.',
    clauses: ['btls-ca-authenticates'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjects('backendTlsPolicies', (policy) => {
        const { validation } = policy.spec;
        const caCertificateRefs = (validation.caCertificateRefs ?? []).slice(0, 1);
        return { ...policy, spec: { ...policy.spec, validation: { ...validation, caCertificateRefs } } };
      }),
    }),
  },
  {
    name: 'backend-ca-first-of-bundle-only',
    title: 'Of a CA bundle with several certificates only the first counts.',
    clauses: ['btls-ca-authenticates'],
    layers,
    hooks: () => onSettings((tls) => ({ ...tls, caPem: pems(tls.caPem)[0] ?? tls.caPem })),
  },
  {
    name: 'backend-ca-last-of-bundle-only',
    title: 'Of a CA bundle with several certificates only the last counts.',
    clauses: ['btls-ca-authenticates'],
    layers,
    hooks: () => onSettings((tls) => ({ ...tls, caPem: pems(tls.caPem).at(-1) ?? tls.caPem })),
  },
];
