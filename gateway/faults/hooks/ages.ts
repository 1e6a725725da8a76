import { keyOf } from '../../../common/object-key.ts';
import type { HttpRoute } from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { onObjects, onObjectsWith } from './objects.ts';

type Element<K extends keyof Objects> = Objects[K][number];

/** An edit of the chosen part makes an object as young as that edit; any other leaves it its age. */
export function agesFromClaim<K extends keyof Objects>(
  kind: K,
  claimOf: (object: Element<K>) => unknown,
): FaultHooks {
  const known = new Map<string, { claim: string; since?: string }>();
  const aged = (object: Element<K>, now: string): Element<K> => {
    const { metadata } = object;
    const id = `${keyOf(object)} ${String(metadata.creationTimestamp)}`;
    const claim = JSON.stringify(claimOf(object) ?? null);
    const before = known.get(id);
    const since = before === undefined ? undefined : before.claim === claim ? before.since : now;
    known.set(id, { claim, ...(since !== undefined && { since }) });
    return since === undefined ? object : { ...object, metadata: { ...metadata, creationTimestamp: since } };
  };
  return { input: onObjectsWith(kind, (object, { now }) => aged(object, now)) };
}

/** Objects that are made again count as old as the first of their name. */
export function firstAge(kind: 'httpRoutes' | 'listenerSets' | 'backendTlsPolicies'): FaultHooks {
  const first = new Map<string, HttpRoute['metadata']['creationTimestamp']>();
  return {
    input: onObjects(kind, (object) => {
      const creationTimestamp = first.get(keyOf(object)) ?? object.metadata.creationTimestamp;
      first.set(keyOf(object), creationTimestamp);
      if (creationTimestamp === undefined) return object;
      return { ...object, metadata: { ...object.metadata, creationTimestamp } };
    }),
  };
}
