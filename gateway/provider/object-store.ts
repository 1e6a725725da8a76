import { isDeepStrictEqual } from 'node:util';
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
  readonly #objects = new Map<ObjectKey, T>();
  readonly #listener: StoreOptions<T>;
  #list: readonly T[] | undefined;

  constructor(listener: StoreOptions<T>) {
    this.#listener = listener;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  /** The same array until something changes. */
  list(): readonly T[] {
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }

  set(object: T): void {
    const key = keyOf(object);
    if (this.#isKnown(key, object)) return;
    // Half of an object's size, and read by nobody here.
    delete object.metadata.managedFields;
    this.#listener.trim?.(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#changed(isSameButStatus(previous, object) ? 'status' : 'object');
  }

  delete(object: T): void {
    const key = keyOf(object);
    if (this.#objects.delete(key)) this.#removed(key);
  }

  /** Takes over a whole list: what is not in it is gone. */
  replace(objects: readonly T[]): void {
    const keys = new Set(objects.map((object) => keyOf(object)));
    for (const key of [...this.#objects.keys()]) {
      if (keys.has(key)) continue;
      this.#objects.delete(key);
      this.#removed(key);
    }
    for (const object of objects) this.set(object);
  }

  #isKnown(key: ObjectKey, object: T): boolean {
    const { resourceVersion } = object.metadata;
    return (
      resourceVersion !== undefined && this.#objects.get(key)?.metadata.resourceVersion === resourceVersion
    );
  }

  #removed(key: ObjectKey): void {
    this.#list = undefined;
    this.#listener.deleted?.(key);
    this.#listener.changed('object');
  }

  #changed(what: Change): void {
    this.#list = undefined;
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
