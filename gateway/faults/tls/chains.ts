import type { Fault } from '../fault.ts';
import { onTlsContexts } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** Certificates that are not signed by a CA itself. */
export const clientChains: readonly Fault[] = [
  {
    name: 'client-chain-refused',
    title: 'Clients whose certificate an intermediate of their CA has signed are turned away.',
    clauses: ['tls-frontend-valid-client-accepted'],
    layers: ['tls', 'connect'],
    reference: 'nginx/nginx-gateway-fabric#5174',
    hooks: () => ({
      xds: onTlsContexts((context) => {
        const { validation_context: validation } = context['common_tls_context'] as {
          validation_context?: Message;
        };
        if (validation !== undefined) validation['max_verify_depth'] = { value: 0 };
      }),
    }),
  },
];
