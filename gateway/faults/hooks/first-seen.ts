import { keyOf } from '../../../common/object-key.ts';
import type { Objects } from '../../translate/types.ts';
import type { FaultHooks } from '../fault.ts';
import { onObjects } from './objects.ts';

/** Two edits closer to each other than this are of one moment, in milliseconds. */
export const momentMs = 100;

type Element<K extends keyof Objects> = Objects[K][number];

/**
 * Edits each version of an object beside what was kept of those before it, undefined at the first; an object that is deleted and made
 * again is another one.
 */
export function besideEarlier<K extends keyof Objects, Kept>(
  kind: K,
  edit: (now: Element<K>, earlier: Kept | undefined) => { edited: Element<K> | undefined; keep: Kept },
): FaultHooks {
  const kept = new Map<string, Kept>();
  return {
    input: onObjects(kind, (object) => {
      const id = `${keyOf(object)} ${String(object.metadata.creationTimestamp)}`;
      const { edited, keep } = edit(object, kept.get(id));
      kept.set(id, keep);
      return edited;
    }),
  };
}

/** Edits each version of an object beside its first one. */
export function besideFirst<K extends keyof Objects>(
  kind: K,
  edit: (now: Element<K>, first: Element<K>) => Element<K> | undefined,
): FaultHooks {
  return besideEarlier<K, Element<K>>(kind, (now, first = now) => ({
    edited: edit(now, first),
    keep: first,
  }));
}
