import type { ReferenceGrant } from '../../translate/gateway-api.ts';
import type { TranslateInput } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { clientCasOf } from '../hooks/objects.ts';

const group = 'gateway.networking.k8s.io';

/** A reference into another namespace. */
interface Reference {
  from: { kind: string; namespace: string };
  to: { kind: string; namespace: string; name: string };
}

type Part = 'the kind that refers' | 'the namespace that refers' | 'the name';

/** References are permitted by grants that fit them but for one part. */
function permittedBut(part: Part, referencesOf: (input: TranslateInput) => Reference[]): FaultHooks {
  return {
    input: (input) => {
      const added = referencesOf(input)
        .filter((reference) =>
          input.objects.referenceGrants.some((grant) => nearlyFits(grant, reference, part)),
        )
        .map(({ from, to }): ReferenceGrant => ({
          metadata: { name: `near-${to.name}`, namespace: to.namespace },
          spec: { from: [{ group, ...from }], to: [{ group: '', kind: to.kind, name: to.name }] },
        }));
      if (added.length === 0) return input;
      const referenceGrants = [...input.objects.referenceGrants, ...added];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}

function nearlyFits({ metadata, spec }: ReferenceGrant, { from, to }: Reference, part: Part): boolean {
  return (
    metadata.namespace === to.namespace &&
    spec.from.some(
      ({ kind, namespace }) =>
        (kind === from.kind || part === 'the kind that refers') &&
        (namespace === from.namespace || part === 'the namespace that refers'),
    ) &&
    spec.to.some(({ kind, name = to.name }) => kind === to.kind && (name === to.name || part === 'the name'))
  );
}

function mirrorsAbroad({ objects }: TranslateInput): Reference[] {
  return objects.grpcRoutes.flatMap(({ metadata: { namespace: own = '' }, spec }) =>
    (spec.rules ?? [])
      .flatMap(({ filters = [] }) => filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []))
      .flatMap(({ namespace = own, name }): Reference[] =>
        namespace === own
          ? []
          : [{ from: { kind: 'GRPCRoute', namespace: own }, to: { kind: 'Service', namespace, name } }],
      ),
  );
}

function clientCertificatesAbroad({ objects }: TranslateInput): Reference[] {
  return objects.gateways.flatMap(({ metadata: { namespace: own = '' }, spec }): Reference[] => {
    const { namespace = own, name } = spec.tls?.backend?.clientCertificateRef ?? { name: '' };
    return namespace === own
      ? []
      : [{ from: { kind: 'Gateway', namespace: own }, to: { kind: 'Secret', namespace, name } }];
  });
}

function certificatesOfSetsAbroad({ objects }: TranslateInput): Reference[] {
  return objects.listenerSets.flatMap(({ metadata: { namespace: own = '' }, spec }) =>
    (spec.listeners ?? [])
      .flatMap(({ tls }) => tls?.certificateRefs ?? [])
      .flatMap(({ namespace = own, name }): Reference[] =>
        namespace === own
          ? []
          : [{ from: { kind: 'ListenerSet', namespace: own }, to: { kind: 'Secret', namespace, name } }],
      ),
  );
}

function clientCasAbroad({ objects }: TranslateInput): Reference[] {
  return objects.gateways.flatMap((gateway) => {
    const { namespace: own = '' } = gateway.metadata;
    return clientCasOf([gateway]).flatMap((key): Reference[] => {
      const [namespace = '', name = ''] = key.split('/');
      return namespace === own
        ? []
        : [{ from: { kind: 'Gateway', namespace: own }, to: { kind: 'ConfigMap', namespace, name } }];
    });
  });
}

const mirrors = {
  clauses: ['filter-mirror-refnotpermitted'],
  layers: ['status', 'routed', 'backend'] satisfies Fault['layers'],
};

/** Mirrors into other namespaces, permitted by what is no grant for them. */
export const mirrorGrants: readonly Fault[] = [
  {
    ...mirrors,
    name: 'mirror-grant-from-kind-ignored',
    title: 'A grant for routes of another kind permits mirrors of GRPCRoutes the same.',
    hooks: () => permittedBut('the kind that refers', mirrorsAbroad),
  },
  {
    ...mirrors,
    name: 'mirror-grant-from-namespace-ignored',
    title: 'A grant for the routes of one namespace permits the mirrors of every other the same.',
    hooks: () => permittedBut('the namespace that refers', mirrorsAbroad),
  },
  {
    ...mirrors,
    name: 'mirror-grant-to-name-ignored',
    title: 'A grant to one Service permits mirrors to all of its namespace.',
    hooks: () => permittedBut('the name', mirrorsAbroad),
  },
];

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

/** Certificates of ListenerSets in other namespaces. */
export const setCertificateGrants: readonly Fault[] = [
  {
    name: 'set-certificate-grant-from-namespace-ignored',
    title: 'A grant for the ListenerSets of one namespace permits the certificates of every other the same.',
    clauses: ['refgrant-wrong-from-namespace'],
    layers: ['status', 'tls'],
    hooks: () => permittedBut('the namespace that refers', certificatesOfSetsAbroad),
  },
];

/** CAs for the clients of Gateways, in other namespaces. */
export const clientCaGrants: readonly Fault[] = [
  {
    name: 'client-ca-grant-from-namespace-ignored',
    title: 'A grant for the Gateways of one namespace permits the CAs of every other the same.',
    clauses: ['tls-frontend-ca-cross-namespace'],
    layers: ['status', 'tls'],
    hooks: () => permittedBut('the namespace that refers', clientCasAbroad),
  },
];
