import { keyOf } from '../../../common/object-key.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, outliving } from '../hooks/first-seen.ts';
import { shownBy } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

type SubjectAltNames = { type: string; hostname?: string; uri?: string }[];

/** What connections to backends need, and lose. */
export const takenFromBackends: readonly Fault[] = [
  {
    name: 'removed-backend-sans-kept',
    title: 'A policy that loses all of its subjectAltNames goes on asking for them.',
    clauses: ['btls-hostname-authenticates', 'btls-san-match'],
    layers: ['backend', 'routed'],
    hooks: () =>
      besideEarlier<'backendTlsPolicies', SubjectAltNames | undefined>(
        'backendTlsPolicies',
        (policy, before) => {
          const { validation } = policy.spec;
          const subjectAltNames = validation.subjectAltNames ?? before;
          const edited = { ...validation, ...(subjectAltNames && { subjectAltNames }) };
          return {
            edited: { ...policy, spec: { ...policy.spec, validation: edited } },
            keep: subjectAltNames,
          };
        },
      ),
  },
  {
    name: 'backend-client-certificate-outlives-secret',
    title: 'The client certificate of a Gateway stays in use when its Secret is deleted.',
    clauses: ['tls-backend-client-cert-invalid'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: outliving('secrets', (secret, { objects }) => shownBy(objects.gateways).includes(keyOf(secret))),
    }),
  },
  {
    name: 'revoked-backend-client-certificate-still-shown',
    title:
      'When the grant for the client certificate of a Gateway is deleted the status says so, and backends are shown it all the same.',
    clauses: ['refgrant-required', 'refgrant-removal-revokes'],
    layers: ['backend', 'routed'],
    hooks: () =>
      unseen(
        outliving('referenceGrants', ({ metadata }, { objects }) =>
          shownBy(objects.gateways).some((key) => key.split('/')[0] === metadata.namespace),
        ),
      ),
  },
];
