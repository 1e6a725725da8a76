import { isDeepStrictEqual } from 'node:util';
import { noteDiff } from '../../common/list-diff.ts';
import { keyOf } from '../../common/object-key.ts';
import type { ObjectKey } from '../../common/object-key.ts';

/** The least that every object of the API has. */
export interface KubeObject {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    managedFields?: unknown;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    finalizers?: string[];
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
  };
}

/** `status`: of an object whose spec and metadata are what they were, as after a write of its status. */
export type Change = 'object' | 'status';

export interface StoreListener {
  /** After each change, a deletion too; often many times in one turn of the event loop. */
  changed: (what: Change) => void;
  deleted?: (key: ObjectKey) => void;
}

interface StoreOptions<T> extends StoreListener {
  /** Takes out of a new object, in place, what nobody reads. */
  trim?: (object: T) => void;
}

/** The objects of one kind as the API server has them. An object that did not change stays the same object. */
export class ObjectStore<T extends KubeObject> {
  /** Where each object is in `#objects`. */
  readonly #places = new Map<ObjectKey, number>();
  readonly #objects: T[] = [];
  readonly #listener: StoreOptions<T>;
  #list: readonly T[] = [];
  /** What differs from the last list, as far as it is worth telling. */
  #diff = { removed: new Set<T>(), added: new Set<T>() };
  #isListed = true;

  constructor(listener: StoreOptions<T>) {
    this.#listener = listener;
  }

  get(key: ObjectKey): T | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#objects[place];
  }

  /** The same array until something changes; an object that did not change keeps its place, unless it was the last of all. */
  list(): readonly T[] {
    if (this.#isListed) return this.#list;
    const { removed, added } = this.#diff;
    const list = this.#objects.slice();
    noteDiff(this.#list, list, { removed: [...removed], added: [...added] });
    this.#diff = { removed: new Set(), added: new Set() };
    this.#isListed = true;
    this.#list = list;
    return list;
  }

  set(object: T): void {
    const key = keyOf(object);
    if (this.#isKnown(key, object)) return;
    // Half of an object's size, and read by nobody here.
    delete object.metadata.managedFields;
    this.#listener.trim?.(object);
    const previous = this.get(key);
    this.#put(key, object);
    this.#changed(isSameButStatus(previous, object) ? 'status' : 'object');
  }

  delete(object: T): void {
    const key = keyOf(object);
    if (this.#take(key)) this.#removed(key);
  }

  /** Takes over a whole list: what is not in it is gone. */
  replace(objects: readonly T[]): void {
    const keys = new Set(objects.map((object) => keyOf(object)));
    for (const key of [...this.#places.keys()]) {
      if (!keys.has(key) && this.#take(key)) this.#removed(key);
    }
    for (const object of objects) this.set(object);
  }

  #isKnown(key: ObjectKey, object: T): boolean {
    const { resourceVersion } = object.metadata;
    return resourceVersion !== undefined && this.get(key)?.metadata.resourceVersion === resourceVersion;
  }

  #put(key: ObjectKey, object: T): void {
    const place = this.#places.get(key) ?? this.#objects.length;
    this.#leaves(this.#objects[place]);
    this.#diff.added.add(object);
    this.#isListed = false;
    this.#places.set(key, place);
    this.#objects[place] = object;
  }

  #leaves(object: T | undefined): void {
    this.#isListed = false;
    // One that was in no list yet leaves without a trace.
    if (object !== undefined && !this.#diff.added.delete(object)) this.#diff.removed.add(object);
  }

  /** The last object takes the place of one that goes. @returns whether it was there */
  #take(key: ObjectKey): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#leaves(this.#objects[place]);
    this.#places.delete(key);
    const last = this.#objects.pop();
    if (last === undefined || place === this.#objects.length) return true;
    this.#objects[place] = last;
    this.#places.set(keyOf(last), place);
    return true;
  }

  #removed(key: ObjectKey): void {
    this.#listener.deleted?.(key);
    this.#listener.changed('object');
  }

  #changed(what: Change): void {
    this.#listener.changed(what);
  }
}

/** Kinds whose status is a subresource have a generation that counts changes of everything but status and metadata. */
function isSameButStatus(previous: KubeObject | undefined, next: KubeObject): boolean {
  const generation = previous?.metadata.generation;
  if (generation === undefined || generation !== next.metadata.generation) return false;
  return isDeepStrictEqual(withoutVersion(previous), withoutVersion(next));
}

function withoutVersion(object: KubeObject | undefined): unknown {
  return object === undefined ? undefined : { ...object.metadata, resourceVersion: undefined };
}
