import type { Fault } from '../fault.ts';
import { besidePassthrough } from './beside-passthrough.ts';
import { certificateReach } from './certificate-reach.ts';
import { certificateReturns } from './certificate-returns.ts';
import { certificates } from './certificates.ts';
import { certificatesInCompany, listenerPairs, sharedCertificates } from './certificates-beside-others.ts';
import { clientCaGrants, ownCertificates } from './certificate-references.ts';
import { clientChains } from './chains.ts';
import { editedNames, unknownNames } from './server-names.ts';
import { brokenBesideGood, clientCertificates, expiredClients } from './client-certificates.ts';
import { notations } from './certificate-notations.ts';
import { renewals } from './renewals.ts';
import { takenFromListeners } from './taken-away.ts';
import { tls } from './tls.ts';
import { tlsNeighbours } from './tls-neighbours.ts';
import { misdirectedCalls } from './misdirected-calls.ts';

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
  ...expiredClients,
  ...renewals,
  ...editedNames,
  ...sharedCertificates,
  ...unknownNames,
  ...clientCaGrants,
  ...besidePassthrough,
  ...brokenBesideGood,
  ...misdirectedCalls,
];
