import type { IrGateway } from '../ir/ir.ts';
import type { XdsChanges, XdsResource, XdsSnapshot, XdsType } from './resource.ts';
import { XdsDelta } from './xds-delta.ts';

/** Everything Envoy has to know to be that Gateway. Pure: the same input gives the same bytes. */
export function toXds(gateway: IrGateway): XdsSnapshot {
  return snapshotOf(new XdsDelta().changes(gateway));
}

/** What is there after these changes where nothing was. */
export function snapshotOf(changes: XdsChanges): XdsSnapshot {
  const snapshot = emptySnapshot();
  for (const resources of Object.values(changes)) {
    for (const resource of resources.values()) {
      if (resource !== undefined) snapshot[resource.type].set(resource.name, resource);
    }
  }
  return snapshot;
}

export function emptySnapshot(): Record<XdsType, Map<string, XdsResource>> {
  return { cds: new Map(), eds: new Map(), sds: new Map(), lds: new Map(), srds: new Map() };
}
