import { messageOf } from '../../common/errors.ts';
import { keyOf } from '../../common/object-key.ts';
import { attachRoute, gatewayOf } from './attach.ts';
import type { AttachContext, ParentAttachment } from './attach.ts';
import { compileRoute, stillResolves } from './compile-route.ts';
import type { AnyRoute } from './compile-route.ts';
import type { CompiledRoute } from './compiled.ts';
import { deepEqual, sameElements, timeOf } from './memo.ts';
import type { References } from './references.ts';

/** A route with what is known about it; another entry as soon as any of that changes. */
export interface RouteEntry {
  readonly route: AnyRoute;
  readonly key: string;
  readonly created: number;
  readonly compiled: CompiledRoute;
  readonly parents: ParentAttachment[];
  readonly memo: EntryMemo;
}

/** What an entry was made from and found to be true; no part of the result. */
interface EntryMemo {
  references: References;
  attachContext: AttachContext;
  attachDependencies: readonly unknown[];
}

/** A new instance of `references` or `attach` means that something in it has changed. */
export interface RouteContext {
  references: References;
  attach: AttachContext;
}

/**
 * Keeps every route's own translation from one run to the next: a run over thousands of routes of which one has changed
 * compiles that one. Parts that come out equal keep their identity, so that what is built from them is kept as well.
 */
export class RouteMemory {
  readonly #byObject = new WeakMap<object, RouteEntry>();
  #byKey = new Map<string, RouteEntry>();

  entries(
    routes: { grpc: readonly { metadata: object }[]; http: readonly { metadata: object }[] },
    context: RouteContext,
  ): RouteEntry[] {
    const entries: RouteEntry[] = [];
    for (const object of routes.grpc) entries.push(this.#entry('GRPCRoute', object, context));
    for (const object of routes.http) entries.push(this.#entry('HTTPRoute', object, context));
    if (this.#byKey.size > entries.length) {
      this.#byKey = new Map(entries.map((entry) => [memoryKey(entry.route), entry]));
    }
    return entries;
  }

  #entry(kind: AnyRoute['kind'], object: object, context: RouteContext): RouteEntry {
    const known = this.#byObject.get(object);
    const entry =
      known === undefined ? this.#revive({ kind, object } as AnyRoute, context) : refresh(known, context);
    if (entry !== known) {
      this.#byObject.set(object, entry);
      this.#byKey.set(memoryKey(entry.route), entry);
    }
    return entry;
  }

  /** A new object of a known route: after a status write its spec is the same, and nothing has to be made again. */
  #revive(route: AnyRoute, context: RouteContext): RouteEntry {
    const previous = this.#byKey.get(memoryKey(route));
    if (previous !== undefined && sameSpec(previous.route, route)) {
      return refresh({ ...previous, route, memo: { ...previous.memo } }, context);
    }
    return newEntry(route, previous?.parents, context);
  }
}

function memoryKey({ kind, object }: AnyRoute): string {
  return `${kind} ${keyOf(object)}`;
}

function newEntry(
  route: AnyRoute,
  previousParents: ParentAttachment[] | undefined,
  { references, attach }: RouteContext,
): RouteEntry {
  return {
    route,
    key: keyOf(route.object),
    created: timeOf(route.object.metadata.creationTimestamp),
    compiled: compileSafely(route, references),
    parents: keepEqual(previousParents, attachSafely(route, attach)),
    memo: { references, attachContext: attach, attachDependencies: attachDependencies(route, attach) },
  };
}

/** A route of a shape that no published CRD lets through must not keep the others from being served. */
function compileSafely(route: AnyRoute, references: References): CompiledRoute {
  try {
    return compileRoute(route, references);
  } catch (error) {
    const message = `the route cannot be read: ${messageOf(error)}`;
    const invalidRules = [{ index: 0, reason: 'UnsupportedValue', message }];
    const nothing = { hostnames: [], routes: [], clusters: [], unresolved: [], followed: [] };
    return { ...nothing, invalidRules, ruleCount: 1 };
  }
}

function attachSafely(route: AnyRoute, context: AttachContext): ParentAttachment[] {
  try {
    return attachRoute(route, context);
  } catch {
    return [];
  }
}

function sameSpec(left: AnyRoute, right: AnyRoute): boolean {
  return (
    left.object.metadata.generation === right.object.metadata.generation &&
    timeOf(left.object.metadata.creationTimestamp) === timeOf(right.object.metadata.creationTimestamp) &&
    deepEqual(left.object.spec, right.object.spec)
  );
}

function refresh(entry: RouteEntry, { references, attach }: RouteContext): RouteEntry {
  const { route, memo } = entry;
  let { compiled, parents } = entry;
  if (memo.references !== references) {
    memo.references = references;
    if (!stillResolves(route, compiled, references)) compiled = compileSafely(route, references);
  }
  if (memo.attachContext !== attach) {
    memo.attachContext = attach;
    const dependencies = attachDependencies(route, attach);
    if (!sameElements(memo.attachDependencies, dependencies)) {
      memo.attachDependencies = dependencies;
      parents = keepEqual(parents, attachSafely(route, attach));
    }
  }
  if (compiled === entry.compiled && parents === entry.parents) return entry;
  return { ...entry, compiled, parents };
}

function attachDependencies(route: AnyRoute, context: AttachContext): unknown[] {
  const gateways = (route.object.spec.parentRefs ?? []).map((ref) => gatewayOf(ref, route, context));
  return [...gateways, context.namespaceLabels(route.object.metadata.namespace ?? '')];
}

/** Listeners are compared by identity: a route has to point at the models in use. */
function keepEqual(previous: ParentAttachment[] | undefined, next: ParentAttachment[]): ParentAttachment[] {
  const same =
    previous?.length === next.length &&
    next.every((parent, index) => {
      const old = previous[index];
      return (
        parent.listeners.every(({ listener }, at) => old?.listeners[at]?.listener === listener) &&
        deepEqual(old, parent)
      );
    });
  return same ? previous : next;
}
