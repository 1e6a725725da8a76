import { systemCas } from '../../translate/backends/ca-certificates.ts';
import type { Fault } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { onClusters } from '../hooks/ir.ts';
import { onBackendTls } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';
import { validationOf } from './backend-tls.ts';

const layers: Fault['layers'] = ['backend', 'routed'];

/** Policies that trust the system CAs instead of some of their own. */
export const systemCaFaults: readonly Fault[] = [
  {
    name: 'system-cas-mean-plaintext',
    title: 'A policy with the system CAs is Accepted, and its backend is called in plaintext.',
    clauses: ['btls-ca-authenticates', 'btls-wellknown-system'],
    layers,
    reference: 'cilium/cilium#48307',
    hooks: () => ({
      ir: onClusters(({ tls, ...cluster }) =>
        tls === undefined || tls.caPem === systemCas() ? cluster : { ...cluster, tls },
      ),
    }),
  },
  {
    name: 'system-cas-verify-nothing',
    title: 'With the system CAs a backend gets calls, whoever has signed its certificate.',
    clauses: ['btls-ca-authenticates', 'btls-wellknown-system'],
    layers,
    hooks: () => ({
      xds: onBackendTls((context) => {
        const validation = validationOf(context);
        const { inline_string: pem } = validation['trusted_ca'] as Message;
        if (pem === systemCas()) validation['trust_chain_verification'] = 'ACCEPT_UNTRUSTED';
      }),
    }),
  },
  {
    name: 'own-ca-kept-beside-system-cas',
    title: 'A policy that turns from a CA of its own to the system CAs goes on trusting its own.',
    clauses: ['btls-ca-authenticates'],
    layers,
    hooks: () =>
      besideFirst('backendTlsPolicies', (now, first) => {
        const { validation } = now.spec;
        const { caCertificateRefs } = first.spec.validation;
        if (validation.wellKnownCACertificates !== 'System' || caCertificateRefs === undefined) return now;
        return { ...now, spec: { ...now.spec, validation: { ...validation, caCertificateRefs } } };
      }),
  },
  {
    name: 'policy-dropped-as-it-turns-to-system-cas',
    title: 'A policy that turns from a CA of its own to the system CAs is dropped.',
    clauses: ['btls-wellknown-system', 'btls-no-plaintext-fallback'],
    layers,
    hooks: () =>
      besideFirst('backendTlsPolicies', (now, first) => {
        const { validation } = now.spec;
        const { caCertificateRefs } = first.spec.validation;
        if (validation.wellKnownCACertificates !== 'System' || caCertificateRefs === undefined) return now;
        return { ...now, spec: { ...now.spec, targetRefs: [] } };
      }),
  },
];
