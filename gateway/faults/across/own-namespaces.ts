import type { Gateway, Listener, SecretRef } from '../../translate/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onEntries } from '../hooks/listener-sets.ts';
import { onObjects, onRules } from '../hooks/objects.ts';

type Frontend = NonNullable<NonNullable<Gateway['spec']['tls']>['frontend']>;
type Validation = NonNullable<NonNullable<Frontend['default']>['validation']>;

const clauses = ['refgrant-same-namespace-not-needed'];
const layers: Fault['layers'] = ['status', 'programmed', 'tls', 'connect'];

/** Leads the reference to where no grant is, if it writes that namespace out. */
const astray = <Ref extends { namespace?: string }>(ref: Ref, own: string | undefined): Ref =>
  own !== undefined && ref.namespace === own ? { ...ref, namespace: `${own}-other` } : ref;

function withRefs(listener: Listener, edit: (ref: SecretRef) => SecretRef): Listener {
  const refs = listener.tls?.certificateRefs;
  return refs === undefined
    ? listener
    : { ...listener, tls: { ...listener.tls, certificateRefs: refs.map(edit) } };
}

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

/** Mirrors that write their own namespace out. */
export const ownMirrors: readonly Fault[] = [
  {
    name: 'mirror-in-own-namespace-needs-grant',
    title: "A mirror that writes its route's own namespace out needs a grant.",
    clauses,
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, _index, { metadata }) => ({
        ...rule,
        ...(rule.filters && {
          filters: rule.filters.map(({ requestMirror, ...filter }) => ({
            ...filter,
            ...(requestMirror && {
              requestMirror: {
                ...requestMirror,
                backendRef: astray(requestMirror.backendRef, metadata.namespace),
              },
            }),
          })),
        }),
      })),
    }),
  },
];
