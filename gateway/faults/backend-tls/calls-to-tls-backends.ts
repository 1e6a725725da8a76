import type { Fault, FaultHooks } from '../fault.ts';
import { onBackends } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2', 'tls'];

/** Request headers that backends under a BackendTLSPolicy do not get. */
const withoutToTls = (header: string): FaultHooks => ({
  ir: onBackends((backend) =>
    backend.cluster?.includes('/tls-') === true
      ? { ...backend, requestHeaders: { set: [], add: [], remove: [header] } }
      : backend,
  ),
});

/** What backends under a BackendTLSPolicy are not told. */
export const callsToTlsBackends: readonly Fault[] = [
  {
    name: 'metadata-dropped-to-tls-backends',
    title: 'Binary metadata does not reach backends under a BackendTLSPolicy.',
    clauses: ['btls-union-with-grpcroute', 'grpc-metadata-intact'],
    layers,
    hooks: () => withoutToTls('x-data-bin'),
  },
  {
    name: 'deadline-dropped-to-tls-backends',
    title: 'The deadline of a call does not reach backends under a BackendTLSPolicy.',
    clauses: ['btls-union-with-grpcroute', 'grpc-deadline-propagated'],
    layers,
    hooks: () => withoutToTls('grpc-timeout'),
  },
];
