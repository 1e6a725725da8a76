import type { IrBackendTls } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onClusters } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['backend', 'routed'];

const onSettings = (edit: (tls: IrBackendTls) => IrBackendTls): FaultHooks => ({
  ir: onClusters((cluster) => (cluster.tls === undefined ? cluster : { ...cluster, tls: edit(cluster.tls) })),
});

const pems = (text: string): string[] => text.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/g) ?? [];

/** What a BackendTLSPolicy may name several of. */
export const backendTlsCorners: readonly Fault[] = [
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
