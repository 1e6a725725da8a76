import type { Fault } from '../fault.ts';
import { backendClient, formerClients } from './backend-client.ts';
import { backendTls } from './backend-tls.ts';
import { caBundles, caNotations } from './ca-bundles.ts';
import { backendTlsPolicies } from './backend-tls-policies.ts';
import { backendTlsReach, policyReach, severalUsers } from './policy-reach.ts';
import { callsToTlsBackends } from './calls-to-tls-backends.ts';
import { claimsOfPolicies, firstAgeOfPolicies, noConflicts } from './policy-conflicts.ts';
import { clientCertificateGrants, ownClientCertificates } from './client-certificate-references.ts';
import { laterAncestors, laterPolicies, laterSections } from './later-policies.ts';
import { nearTargets } from './policy-references.ts';
import {
  casBesideOthers,
  policiesOfNamesakes,
  policyPairs,
  sharedByPolicies,
} from './policies-beside-others.ts';
import { policyTimes } from './policy-times.ts';
import { systemCaFaults } from './system-cas.ts';
import { takenFromBackends } from './taken-away.ts';

export const backendTlsFaults: readonly Fault[] = [
  ...backendTls,
  ...backendTlsPolicies,
  ...nearTargets,
  ...caBundles,
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
  ...systemCaFaults,
  ...severalUsers,
  ...formerClients,
  ...casBesideOthers,
  ...policiesOfNamesakes,
  ...noConflicts,
];
