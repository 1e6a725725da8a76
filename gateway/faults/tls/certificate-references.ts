import type { Gateway, Listener, SecretRef } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { onEntries } from '../hooks/listener-sets.ts';
import { permittedBut } from '../hooks/near-grants.ts';
import type { Reference } from '../hooks/near-grants.ts';
import { astray, clientCasOf, onObjects } from '../hooks/objects.ts';

const clauses = ['refgrant-same-namespace-not-needed'];

const layers: Fault['layers'] = ['status', 'programmed', 'tls', 'connect'];

function withRefs(listener: Listener, edit: (ref: SecretRef) => SecretRef): Listener {
  const refs = listener.tls?.certificateRefs;
  return refs === undefined
    ? listener
    : { ...listener, tls: { ...listener.tls, certificateRefs: refs.map(edit) } };
}

type Frontend = NonNullable<NonNullable<Gateway['spec']['tls']>['frontend']>;

type Validation = NonNullable<NonNullable<Frontend['default']>['validation']>;

const withCas = (validation: Validation, own: string | undefined): Validation => ({
  ...validation,
  ...(validation.caCertificateRefs && {
    caCertificateRefs: validation.caCertificateRefs.map((ref) => astray(ref, own)),
  }),
});

function withFrontendCas({ default: all, perPort }: Frontend, own: string | undefined): Frontend {
  const edited = (part: NonNullable<Frontend['default']>): NonNullable<Frontend['default']> =>
    part.validation === undefined ? part : { ...part, validation: withCas(part.validation, own) };
  return {
    ...(all && { default: edited(all) }),
    ...(perPort && { perPort: perPort.map(({ port, tls }) => ({ port, ...(tls && { tls: edited(tls) }) })) }),
  };
}

/** References to certificates and CAs that write their own namespace out. */
export const ownCertificates: readonly Fault[] = [
  {
    name: 'certificate-in-own-namespace-needs-grant',
    title: "A certificate reference that writes its Gateway's own namespace out needs a grant.",
    clauses,
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => ({
        ...gateway,
        spec: {
          ...gateway.spec,
          ...(gateway.spec.listeners && {
            listeners: gateway.spec.listeners.map((listener) =>
              withRefs(listener, (ref) => astray(ref, gateway.metadata.namespace)),
            ),
          }),
        },
      })),
    }),
  },
  {
    name: 'set-certificate-in-own-namespace-needs-grant',
    title: "A certificate reference that writes its ListenerSet's own namespace out needs a grant.",
    clauses,
    layers,
    hooks: () => ({
      input: onEntries((listener, { metadata }) =>
        withRefs(listener, (ref) => astray(ref, metadata.namespace)),
      ),
    }),
  },
  {
    name: 'client-ca-in-own-namespace-needs-grant',
    title: "A reference to a CA for clients that writes its Gateway's own namespace out needs a grant.",
    clauses,
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { frontend, ...tls } = gateway.spec.tls ?? {};
        if (frontend === undefined) return gateway;
        const edited = withFrontendCas(frontend, gateway.metadata.namespace);
        return { ...gateway, spec: { ...gateway.spec, tls: { ...tls, frontend: edited } } };
      }),
    }),
  },
];

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
