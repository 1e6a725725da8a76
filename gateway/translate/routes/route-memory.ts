import { messageOf } from '../../../common/errors.ts';
import { keyOf } from '../../../common/object-key.ts';
import { attachRoute } from './attach.ts';
import type { AttachContext, ParentAttachment } from './attach.ts';
import { compileRoute, stillResolves } from './compile-route.ts';
import type { AnyRoute } from './compile-route.ts';
import type { CompiledRoute } from './compiled.ts';
import type { GrpcRoute, HttpRoute } from '../model/gateway-api.ts';
import { routeKinds } from '../model/kinds.ts';
import type { RouteKind } from '../model/kinds.ts';
import { listDiff } from '../../../common/list-diff.ts';
import type { ListDiff } from '../../../common/list-diff.ts';
import { editList } from '../memory/list-edit.ts';
import { deepEqual, timeOf } from '../memory/memo.ts';
import type { References } from '../backends/references.ts';
import { changedParents, changedReferences, Dependents, namesOf } from './route-names.ts';

/** A route with what is known about it; another entry as soon as any of that changes. */
export interface RouteEntry {
  readonly route: AnyRoute;
  readonly key: string;
  readonly created: number;
  readonly compiled: CompiledRoute;
  readonly parents: ParentAttachment[];
}

/** A new instance of `references` or `attach` means that something in it has changed. */
export interface RouteContext {
  references: References;
  attach: AttachContext;
}

export interface Routes {
  GRPCRoute: readonly GrpcRoute[];
  HTTPRoute: readonly HttpRoute[];
}

/**
 * Keeps every route's own translation from one run to the next: a run over thousands of routes compiles those that have changed, and
 * looks again at those that have looked at something that has. Parts that come out equal keep their identity, so that what is built
 * from them is kept as well.
 */
export class RouteMemory {
  readonly #byKey = new Map<string, RouteEntry>();
  readonly #dependents = new Dependents();
  #routes: Routes = { GRPCRoute: [], HTTPRoute: [] };
  #context: RouteContext | undefined;
  #entries: readonly RouteEntry[] = [];

  /** One for each route, the same list as long as all of them are the same. */
  entries(routes: Routes, context: RouteContext): readonly RouteEntry[] {
    const before = new Map<string, RouteEntry | undefined>();
    for (const kind of routeKinds) {
      const diff = listDiff<GrpcRoute | HttpRoute>(this.#routes[kind], routes[kind]);
      this.#takeIn(kind, diff, context, before);
    }
    this.#routes = routes;
    this.#refreshAll(context, before);
    this.#context = context;
    const changed = [...before].filter(([key, entry]) => entry !== this.#byKey.get(key));
    if (changed.length > 0) {
      const gone = changed.flatMap(([, entry]) => entry ?? []);
      const come = changed.flatMap(([key]) => this.#byKey.get(key) ?? []);
      this.#entries = editList(this.#entries, gone, come);
    }
    return this.#entries;
  }

  /** @param before - takes note of what was known of each route that changes */
  #takeIn(
    kind: RouteKind,
    { removed, added }: ListDiff<GrpcRoute | HttpRoute>,
    context: RouteContext,
    before: Map<string, RouteEntry | undefined>,
  ): void {
    const stay = new Set(added.map((object) => memoryKey({ kind, object })));
    for (const object of removed) {
      const key = memoryKey({ kind, object });
      if (stay.has(key)) continue;
      before.set(key, this.#byKey.get(key));
      this.#byKey.delete(key);
      this.#dependents.delete(key);
    }
    for (const object of added) {
      const route = { kind, object } as AnyRoute;
      const key = memoryKey(route);
      const known = this.#byKey.get(key);
      before.set(key, known);
      this.#keep(key, revived(known, route) ?? newEntry(route, known?.parents, context));
    }
  }

  /** Looks again at the routes that have looked at anything that has changed since the last run. */
  #refreshAll({ references, attach }: RouteContext, before: Map<string, RouteEntry | undefined>): void {
    const last = this.#context;
    if (last === undefined) return;
    for (const key of this.#dependents.of(changedReferences(last.references, references))) {
      this.#refresh(key, (entry) => compiledAgain(entry, references), before);
    }
    for (const key of this.#dependents.of(changedParents(last.attach, attach))) {
      this.#refresh(key, (entry) => attachedAgain(entry, attach), before);
    }
  }

  #refresh(
    key: string,
    again: (entry: RouteEntry) => RouteEntry,
    before: Map<string, RouteEntry | undefined>,
  ): void {
    const known = this.#byKey.get(key);
    if (known === undefined) return;
    const entry = again(known);
    if (entry === known) return;
    if (!before.has(key)) before.set(key, known);
    this.#keep(key, entry);
  }

  #keep(key: string, entry: RouteEntry): void {
    const known = this.#byKey.get(key);
    this.#byKey.set(key, entry);
    if (known?.compiled !== entry.compiled) this.#dependents.set(key, namesOf(entry.route, entry.compiled));
  }
}

/** A new object of a known route: after a status write its spec is the same, and nothing has to be made again. */
function revived(known: RouteEntry | undefined, route: AnyRoute): RouteEntry | undefined {
  return known !== undefined && sameSpec(known.route, route) ? { ...known, route } : undefined;
}

function memoryKey({ kind, object }: { kind: RouteKind; object: GrpcRoute | HttpRoute }): string {
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

function compiledAgain(entry: RouteEntry, references: References): RouteEntry {
  const { route, compiled } = entry;
  if (stillResolves(route, compiled, references)) return entry;
  return { ...entry, compiled: compileSafely(route, references) };
}

function attachedAgain(entry: RouteEntry, attach: AttachContext): RouteEntry {
  const parents = keepEqual(entry.parents, attachSafely(entry.route, attach));
  return parents === entry.parents ? entry : { ...entry, parents };
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
