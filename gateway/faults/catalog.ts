import { RouteproofError } from '../../common/errors.ts';
import { dialects } from './dialects/catalog.ts';
import { backendTlsFaults } from './backend-tls/index.ts';
import { backendsFaults } from './backends/index.ts';
import { changeFaults } from './change/index.ts';
import { conflictsFaults } from './conflicts/index.ts';
import { defaultGatewaysFaults } from './default-gateways/index.ts';
import { filtersFaults } from './filters/index.ts';
import { grantsFaults } from './grants/index.ts';
import { headersFaults } from './headers/index.ts';
import { hostnamesFaults } from './hostnames/index.ts';
import { listenerSetsFaults } from './listener-sets/index.ts';
import { listenersFaults } from './listeners/index.ts';
import { matchingFaults } from './matching/index.ts';
import { precedenceFaults } from './precedence/index.ts';
import { protocolFaults } from './protocol/index.ts';
import { proxiesFaults } from './proxies/index.ts';
import { retriesFaults } from './retries/index.ts';
import { sessionsFaults } from './sessions/index.ts';
import { statusFaults } from './status/index.ts';
import { tlsFaults } from './tls/index.ts';
import { upkeepFaults } from './upkeep/index.ts';
import { weightsFaults } from './weights/index.ts';
import type { Area, Fault, ListedFault } from './fault.ts';
import { slowdowns } from './slowdowns.ts';

const byArea: Record<Area, readonly Fault[]> = {
  matching: matchingFaults,
  headers: headersFaults,
  precedence: precedenceFaults,
  hostnames: hostnamesFaults,
  weights: weightsFaults,
  filters: filtersFaults,
  backends: backendsFaults,
  grants: grantsFaults,
  status: statusFaults,
  conflicts: conflictsFaults,
  listeners: listenersFaults,
  'listener-sets': listenerSetsFaults,
  sessions: sessionsFaults,
  retries: retriesFaults,
  'default-gateways': defaultGatewaysFaults,
  tls: tlsFaults,
  'backend-tls': backendTlsFaults,
  protocol: protocolFaults,
  proxies: proxiesFaults,
  change: changeFaults,
  upkeep: upkeepFaults,
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
