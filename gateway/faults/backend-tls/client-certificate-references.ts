import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { permittedBut } from '../hooks/near-grants.ts';
import type { Reference } from '../hooks/near-grants.ts';
import { astray, onObjects } from '../hooks/objects.ts';

function clientCertificatesAbroad({ objects }: TranslateInput): Reference[] {
  return objects.gateways.flatMap(({ metadata: { namespace: own = '' }, spec }): Reference[] => {
    const { namespace = own, name } = spec.tls?.backend?.clientCertificateRef ?? { name: '' };
    return namespace === own
      ? []
      : [{ from: { kind: 'Gateway', namespace: own }, to: { kind: 'Secret', namespace, name } }];
  });
}

const clientCertificates = {
  clauses: ['tls-backend-client-cert-no-grant'],
  layers: ['status', 'backend'] satisfies Fault['layers'],
};

/** Client certificates of Gateways in other namespaces, permitted by what is no grant for them. */
export const clientCertificateGrants: readonly Fault[] = [
  {
    ...clientCertificates,
    name: 'backend-client-grant-from-kind-ignored',
    title: 'A grant to Secrets for routes permits the client certificates of Gateways the same.',
    hooks: () => permittedBut('the kind that refers', clientCertificatesAbroad),
  },
  {
    ...clientCertificates,
    name: 'backend-client-grant-from-namespace-ignored',
    title:
      'A grant for the Gateways of one namespace permits the client certificates of every other the same.',
    hooks: () => permittedBut('the namespace that refers', clientCertificatesAbroad),
  },
  {
    ...clientCertificates,
    name: 'backend-client-grant-to-name-ignored',
    title: 'A grant to one Secret permits client certificates from all of its namespace.',
    hooks: () => permittedBut('the name', clientCertificatesAbroad),
  },
];

const clauses = ['refgrant-same-namespace-not-needed'];

/** Client certificates of Gateways whose reference writes its own namespace out. */
export const ownClientCertificates: readonly Fault[] = [
  {
    name: 'backend-client-in-own-namespace-needs-grant',
    title: "A reference to a client certificate that writes its Gateway's own namespace out needs a grant.",
    clauses,
    layers: ['status', 'backend'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { backend, ...tls } = gateway.spec.tls ?? {};
        const ref = backend?.clientCertificateRef;
        if (ref === undefined) return gateway;
        const clientCertificateRef = astray(ref, gateway.metadata.namespace);
        return { ...gateway, spec: { ...gateway.spec, tls: { ...tls, backend: { clientCertificateRef } } } };
      }),
    }),
  },
];
