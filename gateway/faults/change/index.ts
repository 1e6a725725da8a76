import type { Fault } from '../fault.ts';
import { asBefore } from '../across/as-before.ts';
import { change } from './change.ts';
import { changesInPart } from '../across/other-places.ts';
import { deletionsByPrefix } from './names-begun.ts';
import { disturbed, returnedNamespaces } from '../across/disturbed.ts';
import { edits } from './edits.ts';
import { fanOut } from './fan-out.ts';
import { finerEdits } from './finer-edits.ts';
import { hostlessDeletions } from '../across/further-parts.ts';
import { hostnameEdits, latecomers } from '../across/later-in-part.ts';
import { laterAttachments } from '../across/later-refusals.ts';
import { laterEdits } from './later-edits.ts';
import { laterFilters } from './later-parts.ts';
import { losses } from './losses.ts';
import { overlappingParents } from '../across/in-company.ts';
import { partEdits } from './part-edits.ts';
import { quickEdits } from './quick-edits.ts';
import { renewal } from './renewal.ts';
import { returns } from './returns.ts';
import { reverted } from './reverted.ts';
import { sharedByRoutes } from '../across/shared-parts.ts';
import { takenFromRules } from '../across/taken-away.ts';

export const changeFaults: readonly Fault[] = [
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
  ...losses,
  ...quickEdits,
];
