import type { Fault } from '../fault.ts';
import { certificateLimits } from '../across/furthest.ts';
import { certificateReach } from './certificate-reach.ts';
import { certificateReturns } from './certificate-returns.ts';
import { certificates } from './certificates.ts';
import { certificatesInCompany } from '../across/in-company.ts';
import { clientCaGrants } from '../across/other-grants.ts';
import { clientCertificates } from './client-certificates.ts';
import { clientChains } from './chains.ts';
import { editedNames } from '../across/further-parts.ts';
import { listenerPairs } from '../across/pairs.ts';
import { notations } from '../across/notations.ts';
import { ownCertificates } from '../across/own-namespaces.ts';
import { sharedByListeners } from '../across/shared-parts.ts';
import { takenFromListeners } from '../across/taken-away.ts';
import { tls } from './tls.ts';
import { tlsNeighbours } from './tls-neighbours.ts';

export const tlsFaults: readonly Fault[] = [
  ...tls,
  ...certificates,
  ...clientCertificates,
  ...tlsNeighbours,
  ...certificateReach,
  ...certificateReturns,
  ...takenFromListeners,
  ...ownCertificates,
  ...clientChains,
  ...certificatesInCompany,
  ...notations,
  ...listenerPairs,
  ...certificateLimits,
  ...editedNames,
  ...sharedByListeners,
  ...clientCaGrants,
];
