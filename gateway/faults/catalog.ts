import { RouteproofError } from '../../common/errors.ts';
import { backendClient } from './backend-client.ts';
import { backendTls } from './backend-tls.ts';
import { backendTlsPolicies } from './backend-tls-policies.ts';
import { backends } from './backends.ts';
import { asBefore, firstAgeOfRoutes, firstAgeOfSets } from './as-before.ts';
import { foreignParts } from './foreign-parts.ts';
import { infrastructureInPart, laterAncestors, mendedListeners, mendedSets } from './mended-gateways.ts';
import { countPlaces, verdictPlaces } from './moved-places.ts';
import { restlessTimes } from './restless-times.ts';
import { halfAccepted, routeKinds } from './route-kinds.ts';
import { change } from './change.ts';
import { clientCertificates } from './client-certificates.ts';
import { conflictReach } from './conflict-reach.ts';
import { conflicts } from './conflicts.ts';
import { hostnameCorners, matchCorners } from './corners.ts';
import { defaultGateways } from './default-gateways.ts';
import { dialects } from './dialects/catalog.ts';
import { endpoints } from './endpoints.ts';
import { classAcceptedForGood, gatewayAcceptedForGood, setAcceptedForGood } from './accepted-for-good.ts';
import { answers } from './answers.ts';
import { backendTlsCorners } from './backend-tls-corners.ts';
import { certificates } from './certificates.ts';
import { connections, connectionShares } from './connections.ts';
import { edits } from './edits.ts';
import { endpointCorners } from './endpoint-corners.ts';
import type { Area, Fault, ListedFault } from './fault.ts';
import { filterCombinations } from './filter-combinations.ts';
import { filters } from './filters.ts';
import { statusCorners } from './status-corners.ts';
import { selectors } from './selectors.ts';
import { sameBackends, sameParents } from './same-names.ts';
import { overTls } from './over-tls.ts';
import { longHostnames, longMatches } from './long-names.ts';
import { laterAnswers } from './later-answers.ts';
import { laterEdits } from './later-edits.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { filterCorners } from './filter-corners.ts';
import { grants } from './grants.ts';
import { headers } from './headers.ts';
import { hostnames } from './hostnames.ts';
import { laterStatuses } from './later-statuses.ts';
import { listenerSetConflicts } from './listener-set-conflicts.ts';
import { listenerSetEntries } from './listener-set-entries.ts';
import { listenerSetStatus } from './listener-set-status.ts';
import { listenerSets } from './listener-sets.ts';
import { listeners } from './listeners.ts';
import { listenerStatuses } from './listener-statuses.ts';
import { matching } from './matching.ts';
import { metadata } from './metadata.ts';
import { nearGrants, nearNames, nearParents, nearTargets } from './near-names.ts';
import { finerEdits } from './finer-edits.ts';
import { hostnameNeighbours } from './hostname-neighbours.ts';
import { filtersUnderWildcards, mixedMatches, ties, weightsUnderWildcards } from './mixed-matches.ts';
import { backendReach } from './backend-reach.ts';
import { filterNeighbours } from './filter-neighbours.ts';
import { dottedNames, finerStatuses } from './finer-statuses.ts';
import { answerNeighbours } from './answer-neighbours.ts';
import { callCorners } from './call-corners.ts';
import { certificateReturns } from './certificate-returns.ts';
import { classCorners } from './class-corners.ts';
import { endpointReturns } from './endpoint-returns.ts';
import { laterPolicies, movedListenerSets } from './later-policies.ts';
import { certificateReach } from './certificate-reach.ts';
import { listenerSetNeighbours } from './listener-set-neighbours.ts';
import {
  answersInPart,
  callsOverTls,
  errorsOverTls,
  hostnameEdits,
  lastingVerdicts,
  latecomers,
} from './later-in-part.ts';
import { changesInPart, hostlessRoutes, listenerSetRoutes } from './other-places.ts';
import { newerCrds } from './newer-crds.ts';
import { clientCertificateGrants, mirrorGrants } from './other-grants.ts';
import { ownCertificates, ownClientCertificates, ownMirrors } from './own-namespaces.ts';
import { policyReach } from './policy-reach.ts';
import { precedence } from './precedence.ts';
import { protocol } from './protocol.ts';
import { proxies } from './proxies.ts';
import { renewal } from './renewal.ts';
import { returns } from './returns.ts';
import { retries } from './retries.ts';
import { sessions } from './sessions.ts';
import { shares } from './shares.ts';
import { slowdowns } from './slowdowns.ts';
import { status } from './status.ts';
import { classTimes, policyTimes, setTimes } from './transition-times.ts';
import { supportedVersion } from './supported-version.ts';
import { takenFromBackends, takenFromListeners, takenFromRules } from './taken-away.ts';
import { tls } from './tls.ts';
import { upkeep } from './upkeep.ts';
import { weights } from './weights.ts';
import { counts } from './counts.ts';
import { ends } from './ends.ts';
import { filterReach } from './filter-reach.ts';
import { laterEndpoints } from './later-endpoints.ts';
import { laterGateways } from './later-gateways.ts';
import { laterGrants } from './later-grants.ts';
import { laterListenerSets } from './later-listener-sets.ts';
import { partEdits } from './part-edits.ts';
import { hostnameReach, matchReach, precedenceReach, weightReach } from './reach.ts';
import { tlsNeighbours } from './tls-neighbours.ts';
import { claims, claimsOfKinds, claimsOfListenerSets, claimsOfPolicies } from './arrival.ts';
import { callCharacters } from './call-characters.ts';
import { backendTlsReach, listenerSetReach, routesOfHosts, wholeMirrors } from './combined-reach.ts';
import { disturbed, mended, returnedNamespaces } from './disturbed.ts';
import { fanOut } from './fan-out.ts';
import { generatedObjects, laterListeners } from './later-listeners.ts';
import { laterFilters } from './later-parts.ts';
import { laterServices } from './later-services.ts';
import { laterDefaultGateways, laterRetries, laterSessions } from './later-sessions.ts';
import { laterSetStatuses, restless } from './other-kinds.ts';
import {
  countsAtOnce,
  laterAttachments,
  laterConflicts,
  laterSections,
  lostMirrors,
} from './later-refusals.ts';
import { reverted } from './reverted.ts';
import { clientChains } from './chains.ts';
import { hostRanks } from './host-ranks.ts';
import { listenerFits } from './listener-fits.ts';
import { literalFilters, literalMatches } from './literal-values.ts';
import { longGateways, longStatuses } from './long-texts.ts';
import { deletionsByPrefix } from './names-begun.ts';
import { sliceOverlaps } from './slice-overlaps.ts';
import {
  certificatesInCompany,
  kindsInCompany,
  namesakes,
  overlappingParents,
  statusesInCompany,
} from './in-company.ts';
import { beforeMatch } from './before-match.ts';
import {
  certificateLimits,
  fartherRanks,
  hostnamesOverTls,
  longestMatches,
  narrowerLater,
  roundedShares,
} from './furthest.ts';
import {
  authoritiesInPart,
  backendFiltersOverTls,
  hostRanksOverTls,
  editedNames,
  hostlessDeletions,
  lateErrors,
  sentMirrors,
  splitRetries,
} from './further-parts.ts';
import { furtherPlaces, furtherSetPlaces } from './further-places.ts';
import { filterPairs, listenerPairs, policyPairs } from './pairs.ts';
import { callsToTlsBackends, streamsOverTls } from './streams-over-tls.ts';
import { noFractions, sharedByListeners, sharedByPolicies, sharedByRoutes } from './shared-parts.ts';
import { timeLimits } from './time-limits.ts';
import { caNotations, notations } from './notations.ts';
import { weightsBeside } from './weights-beside.ts';
import { otherPorts, portParents } from './ports.ts';
import { wholeGatewayNames, wholeListenerNames } from './whole-names.ts';

const byArea: Record<Area, readonly Fault[]> = {
  matching: [
    ...matching,
    ...matchCorners,
    ...longMatches,
    ...matchReach,
    ...mixedMatches,
    ...routesOfHosts,
    ...literalMatches,
    ...longestMatches,
  ],
  headers: [...headers, ...newerCrds],
  precedence: [
    ...precedence,
    ...precedenceReach,
    ...ties,
    ...claims,
    ...hostRanks,
    ...fartherRanks,
    ...hostRanksOverTls,
  ],
  hostnames: [
    ...hostnames,
    ...hostnameCorners,
    ...longHostnames,
    ...hostnameReach,
    ...hostnameNeighbours,
    ...hostnamesOverTls,
    ...authoritiesInPart,
  ],
  weights: [
    ...weights,
    ...shares,
    ...connectionShares,
    ...sameBackends,
    ...weightReach,
    ...weightsUnderWildcards,
    ...weightsBeside,
    ...roundedShares,
  ],
  filters: [
    ...filters,
    ...filterCombinations,
    ...filterCorners,
    ...filterReach,
    ...filtersUnderWildcards,
    ...filterNeighbours,
    ...answersInPart,
    ...wholeMirrors,
    ...lostMirrors,
    ...mirrorGrants,
    ...ownMirrors,
    ...literalFilters,
    ...beforeMatch,
    ...filterPairs,
    ...sentMirrors,
    ...noFractions,
    ...backendFiltersOverTls,
  ],
  backends: [
    ...backends,
    ...endpoints,
    ...endpointCorners,
    ...laterAnswers,
    ...laterEndpoints,
    ...nearNames,
    ...backendReach,
    ...errorsOverTls,
    ...endpointReturns,
    ...laterServices,
    ...sliceOverlaps,
    ...lateErrors,
  ],
  grants: [...grants, ...nearGrants, ...laterGrants],
  status: [
    ...status,
    ...laterStatuses,
    ...statusCorners,
    ...counts,
    ...supportedVersion,
    ...finerStatuses,
    ...lastingVerdicts,
    ...longStatuses,
    gatewayAcceptedForGood,
    ...statusesInCompany,
    ...verdictPlaces,
    ...restlessTimes,
  ],
  conflicts: [...conflicts, ...conflictReach, ...claimsOfKinds, ...laterConflicts, ...firstAgeOfRoutes],
  listeners: [
    ...listeners,
    ...listenerStatuses,
    ...selectors,
    ...sameParents,
    ...overTls,
    ...nearParents,
    ...laterGateways,
    ...dottedNames,
    ...hostlessRoutes,
    ...laterListeners,
    ...countsAtOnce,
    ...listenerFits,
    ...longGateways,
    ...portParents,
    ...otherPorts,
    ...wholeListenerNames,
    ...furtherPlaces,
    ...narrowerLater,
    ...kindsInCompany,
    ...mendedListeners,
    ...countPlaces,
    ...routeKinds,
    ...halfAccepted,
  ],
  'listener-sets': [
    ...listenerSets,
    ...listenerSetStatus,
    ...laterListenerSets,
    ...listenerSetNeighbours,
    ...listenerSetRoutes,
    ...movedListenerSets,
    ...claimsOfListenerSets,
    ...laterSetStatuses,
    ...listenerSetReach,
    setAcceptedForGood,
    ...listenerSetConflicts,
    ...listenerSetEntries,
    ...setTimes,
    ...namesakes,
    ...furtherSetPlaces,
    ...firstAgeOfSets,
    ...mendedSets,
  ],
  sessions: [...sessions, ...laterSessions],
  retries: [...retries, ...laterRetries],
  'default-gateways': [...defaultGateways, ...laterDefaultGateways],
  tls: [
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
  ],
  'backend-tls': [
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
  ],
  protocol: [
    ...protocol,
    ...metadata,
    ...answers,
    ...ends,
    ...connections,
    ...answerNeighbours,
    ...callsOverTls,
    ...callCorners,
    ...callCharacters,
    ...streamsOverTls,
    ...timeLimits,
    ...splitRetries,
  ],
  proxies,
  change: [
    ...change,
    ...renewal,
    ...edits,
    ...laterEdits,
    ...partEdits,
    ...finerEdits,
    ...returns,
    ...hostnameEdits,
    ...latecomers,
    ...changesInPart,
    ...reverted,
    ...fanOut,
    ...laterFilters,
    ...disturbed,
    ...returnedNamespaces,
    ...laterAttachments,
    ...takenFromRules,
    ...deletionsByPrefix,
    ...overlappingParents,
    ...hostlessDeletions,
    ...sharedByRoutes,
    ...asBefore,
  ],
  upkeep: [
    ...upkeep,
    ...gatewayObjects,
    ...classCorners,
    ...mended,
    ...generatedObjects,
    ...restless,
    classAcceptedForGood,
    ...classTimes,
    ...wholeGatewayNames,
    ...foreignParts,
    ...infrastructureInPart,
  ],
};

/** Every planted fault, area by area. */
export const faults: readonly ListedFault[] = Object.entries(byArea).flatMap(([area, list]) =>
  list.map((fault) => ({ ...fault, area: area as Area })),
);

/** The name of the healthy control: the image with faults, and none of them. */
export const noFault = 'none';

/**
 * The fault, dialect or slowdown of that name, or none at all for `none`.
 *
 * @throws RouteproofError UNKNOWN_FAULT
 */
export function findFault(name: string): Pick<Fault, 'name' | 'hooks'> {
  if (name === noFault) return { name, hooks: () => ({}) };
  const fault = [...dialects, ...slowdowns, ...faults].find((each) => each.name === name);
  if (fault !== undefined) return fault;
  throw new RouteproofError('UNKNOWN_FAULT', `there is no fault ${JSON.stringify(name)}`, {
    object: 'FAULT',
    hint: `one of ${noFault}, ${faults.map((each) => each.name).join(', ')}`,
  });
}
