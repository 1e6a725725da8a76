import type { Fault } from '../fault.ts';
import { asBefore, returns } from './returns.ts';
import { backendEdits } from './backend-edits.ts';
import { change } from './change.ts';
import { changesInPart, hostlessDeletions } from './changes-on-some-hosts.ts';
import { deletionsByPrefix } from './names-begun.ts';
import { disturbed, returnedNamespaces, besideGatewayEdits } from './disturbed.ts';
import { edits } from './edits.ts';
import { fanOut } from './fan-out.ts';
import { grantEdits, aroundRoutes, surroundings } from './surroundings.ts';
import { hostnameEdits } from './hostname-edits.ts';
import { latecomers } from './latecomers.ts';
import { listenerEdits } from './listener-edits.ts';
import { hinderedEdits } from './hindered-edits.ts';
import { losses } from './losses.ts';
import { mirrorEdits, filterEdits, keptBackendFilters } from './filter-edits.ts';
import { partEdits } from './part-edits.ts';
import { renewal } from './renewal.ts';
import { reverted } from './reverted.ts';
import { secondOfTwo, quickEdits } from './quick-edits.ts';
import { sharedByRoutes } from './shared-parts.ts';
import { unheardChanges } from './unheard-alone.ts';
import { widenedParents, overlappingParents } from './parent-edits.ts';

export const changeFaults: readonly Fault[] = [
  ...change,
  ...renewal,
  ...edits,
  ...surroundings,
  ...partEdits,
  ...backendEdits,
  ...secondOfTwo,
  ...grantEdits,
  ...mirrorEdits,
  ...listenerEdits,
  ...aroundRoutes,
  ...returns,
  ...hostnameEdits,
  ...latecomers,
  ...changesInPart,
  ...reverted,
  ...fanOut,
  ...filterEdits,
  ...disturbed,
  ...returnedNamespaces,
  ...widenedParents,
  ...besideGatewayEdits,
  ...keptBackendFilters,
  ...deletionsByPrefix,
  ...overlappingParents,
  ...hostlessDeletions,
  ...sharedByRoutes,
  ...asBefore,
  ...losses,
  ...quickEdits,
  ...hinderedEdits,
  ...unheardChanges,
];
