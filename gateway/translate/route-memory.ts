import { keyOf } from '../../common/object-key.ts';
import { attachRoute, gatewayKeyOf } from './attach.ts';
import type { AttachContext, ParentAttachment } from './attach.ts';
import { compileRoute } from './compile-route.ts';
import type { AnyRoute } from './compile-route.ts';
import type { CompiledRoute } from './compiled.ts';
import { deepEqual, timeOf } from './memo.ts';
import type { References } from './references.ts';

/** A route with what is known about it; the same entry as long as the object's spec stays the same. */
export interface RouteEntry {
  route: AnyRoute;
  key: string;
  created: number;
  compiled: CompiledRoute;
  parents: ParentAttachment[];
  /** What `compiled` and `parents` were made from. */
  references: References;
  attachDependencies: readonly unknown[];
}

export interface RouteContext extends AttachContext {
  references: References;
}

/**
 * Keeps every route's own translation from one run to the next: a run over thousands of routes of which one has changed
 * compiles that one. Parts that come out equal keep their identity, so that what is built from them is kept as well.
 */
export class RouteMemory {
  #byObject = new WeakMap<object, RouteEntry>();
  #byKey = new Map<string, RouteEntry>();

  entries(routes: readonly AnyRoute[], context: RouteContext): RouteEntry[] {
    const entries = routes.map((route) => this.#entry(route, context));
    if (this.#byKey.size > routes.length) {
      this.#byKey = new Map(entries.map((entry) => [memoryKey(entry.route.kind, entry.key), entry]));
    }
    return entries;
  }

  #entry(route: AnyRoute, context: RouteContext): RouteEntry {
    const known = this.#byObject.get(route.object);
    if (known !== undefined) {
      refresh(known, context);
      return known;
    }
    const key = keyOf(route.object);
    const entry = revive(this.#byKey.get(memoryKey(route.kind, key)), route, key, context);
    this.#byObject.set(route.object, entry);
    this.#byKey.set(memoryKey(route.kind, key), entry);
    return entry;
  }
}

function memoryKey(kind: string, key: string): string {
  return `${kind} ${key}`;
}

/** A new object of a known route: after a status write its spec is the same, and nothing has to be made again. */
function revive(
  previous: RouteEntry | undefined,
  route: AnyRoute,
  key: string,
  context: RouteContext,
): RouteEntry {
  if (previous !== undefined && sameSpec(previous.route, route)) {
    const entry = { ...previous, route };
    refresh(entry, context);
    return entry;
  }
  return {
    route,
    key,
    created: timeOf(route.object.metadata.creationTimestamp),
    compiled: compileRoute(route, context.references),
    parents: keepEqual(previous?.parents, attachRoute(route, context)),
    references: context.references,
    attachDependencies: attachDependencies(route, context),
  };
}

function sameSpec(left: AnyRoute, right: AnyRoute): boolean {
  return (
    left.object.metadata.generation === right.object.metadata.generation &&
    timeOf(left.object.metadata.creationTimestamp) === timeOf(right.object.metadata.creationTimestamp) &&
    deepEqual(left.object.spec, right.object.spec)
  );
}

function refresh(entry: RouteEntry, context: RouteContext): void {
  if (entry.references !== context.references) {
    entry.compiled = keepEqual(entry.compiled, compileRoute(entry.route, context.references));
    entry.references = context.references;
  }
  if (!stillAttached(entry, context)) {
    entry.parents = keepEqual(entry.parents, attachRoute(entry.route, context));
    entry.attachDependencies = attachDependencies(entry.route, context);
  }
}

function stillAttached(entry: RouteEntry, context: RouteContext): boolean {
  const { attachDependencies: known, route } = entry;
  const refs = route.object.spec.parentRefs ?? [];
  for (let i = 0; i < refs.length; i++) {
    const ref = refs[i];
    if (ref !== undefined && known[i] !== context.gateways.get(gatewayKeyOf(ref, route) ?? '')) return false;
  }
  return known[refs.length] === context.namespaceLabels(route.object.metadata.namespace ?? '');
}

function attachDependencies(route: AnyRoute, context: RouteContext): unknown[] {
  const gateways = (route.object.spec.parentRefs ?? []).map((ref) =>
    context.gateways.get(gatewayKeyOf(ref, route) ?? ''),
  );
  return [...gateways, context.namespaceLabels(route.object.metadata.namespace ?? '')];
}

function keepEqual<T>(previous: T | undefined, next: T): T {
  return previous !== undefined && deepEqual(previous, next) ? previous : next;
}
