import type { Fault } from '../fault.ts';
import { backendClient } from './backend-client.ts';
import { backendTls } from './backend-tls.ts';
import { backendTlsCorners } from './backend-tls-corners.ts';
import { backendTlsPolicies } from './backend-tls-policies.ts';
import { backendTlsReach } from '../across/combined-reach.ts';
import { caNotations } from '../across/notations.ts';
import { callsToTlsBackends } from '../across/streams-over-tls.ts';
import { claimsOfPolicies } from '../across/arrival.ts';
import { clientCertificateGrants } from '../across/other-grants.ts';
import { firstAgeOfPolicies } from '../across/as-before.ts';
import { laterAncestors } from '../across/mended-gateways.ts';
import { laterPolicies } from '../across/later-policies.ts';
import { laterSections } from '../across/later-refusals.ts';
import { nearTargets } from '../across/near-names.ts';
import { ownClientCertificates } from '../across/own-namespaces.ts';
import { policyPairs } from '../across/pairs.ts';
import { policyReach } from './policy-reach.ts';
import { policyTimes } from '../across/transition-times.ts';
import { sharedByPolicies } from '../across/shared-parts.ts';
import { takenFromBackends } from '../across/taken-away.ts';

export const backendTlsFaults: readonly Fault[] = [
  ...backendTls,
  ...backendTlsPolicies,
  ...nearTargets,
  ...backendTlsCorners,
  ...backendClient,
  ...laterPolicies,
  ...claimsOfPolicies,
  ...backendTlsReach,
  ...laterSections,
  ...policyReach,
  ...takenFromBackends,
  ...clientCertificateGrants,
  ...ownClientCertificates,
  ...policyTimes,
  ...caNotations,
  ...policyPairs,
  ...sharedByPolicies,
  ...callsToTlsBackends,
  ...laterAncestors,
  ...firstAgeOfPolicies,
];
