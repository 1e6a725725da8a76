import { keyOf } from '../../../common/object-key.ts';
import type { Objects } from '../../translate/types.ts';
import type { FaultHooks } from '../fault.ts';
import { onObjects } from './objects.ts';

type Element<K extends keyof Objects> = Objects[K][number];

/** Edits each version of an object beside its first one; an object that is deleted and made again is another one. */
export function besideFirst<K extends keyof Objects>(
  kind: K,
  edit: (now: Element<K>, first: Element<K>) => Element<K> | undefined,
): FaultHooks {
  const known = new Map<string, Element<K>>();
  return {
    input: onObjects(kind, (object) => {
      const id = `${keyOf(object)} ${String(object.metadata.creationTimestamp)}`;
      const first = known.get(id) ?? object;
      known.set(id, first);
      return edit(object, first);
    }),
  };
}
