import { keyOf } from '../../../common/object-key.ts';
import type { Condition } from '../../translate/model/gateway-api.ts';
import type { Objects, TranslateInput } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { onObjects, uidOf } from './objects.ts';

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

/** Objects that `isMeant` has once said so of go on when they are deleted. */
export function outliving<K extends keyof Objects>(
  kind: K,
  isMeant: (object: Element<K>, input: TranslateInput) => boolean,
): NonNullable<FaultHooks['input']> {
  const known = new Map<string, Element<K>>();
  return (input) => {
    const now = input.objects[kind] as readonly Element<K>[];
    for (const object of now) if (isMeant(object, input)) known.set(keyOf(object), object);
    const names = new Set(now.map(keyOf));
    const gone = [...known].flatMap(([key, object]) => (names.has(key) ? [] : object));
    return gone.length === 0 ? input : { ...input, objects: { ...input.objects, [kind]: [...now, ...gone] } };
  };
}

/** Objects of a kind in a namespace that was deleted and made again under its name are not there. */
export function lostWithNamespace(kind: keyof Objects): FaultHooks {
  const first = new Map<string, string | undefined>();
  const again = new Set<string>();
  return {
    input: (input) => {
      for (const namespace of input.objects.namespaces) {
        const { name } = namespace.metadata;
        if (!first.has(name)) first.set(name, uidOf(namespace));
        if (first.get(name) !== uidOf(namespace)) again.add(name);
      }
      if (again.size === 0) return input;
      const list = input.objects[kind].filter(({ metadata }) => !again.has(metadata.namespace ?? ''));
      return { ...input, objects: { ...input.objects, [kind]: list } };
    },
  };
}

/** Since when a condition of what `id` stands for has been as it is, counted from the first time that it was so. */
export function firstTimes(): (id: string, condition: Condition) => Condition['lastTransitionTime'] {
  const first = new Map<string, Condition['lastTransitionTime']>();
  return (id, { type, status, lastTransitionTime }) => {
    const key = `${id} ${type} ${status}`;
    const time = first.get(key) ?? lastTransitionTime;
    first.set(key, time);
    return time;
  };
}

/** Keys that were named once, and by somebody who is gone. */
export function forgetting(): (named: ReadonlyMap<string, readonly string[]>) => Set<string> {
  const known = new Map<string, readonly string[]>();
  const lost = new Set<string>();
  return (named) => {
    for (const [id, keys] of known) if (!named.has(id)) for (const key of keys) lost.add(key);
    known.clear();
    for (const [id, keys] of named) known.set(id, keys);
    return lost;
  };
}
