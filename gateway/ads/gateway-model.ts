import type { Rejection } from './rejection.ts';
import type { RouteRef, XdsChanges, XdsResource, XdsSnapshot, XdsType } from '../xds/resource.ts';
import { sourceKey, xdsTypes } from '../xds/resource.ts';
import { emptySnapshot } from '../xds/to-xds.ts';
import type { ServedListener } from './replica-report.ts';

/** Told about names whose resource may have changed. */
export type ModelListener = (type: XdsType, names: Iterable<string>) => void;

interface Quarantined {
  version: string;
  rejection: Rejection;
}

/**
 * What the proxies of one Gateway are to have. A resource version that Envoy refused is quarantined: proxies keep, or get, the
 * last version that was acknowledged, until the resource changes again.
 */
export class GatewayModel {
  readonly #snapshot = emptySnapshot();
  readonly #lastGood = new Map<string, XdsResource>();
  readonly #quarantine = new Map<string, Quarantined>();
  readonly #rejectedRoutes = new Map<string, Rejection>();
  readonly #listeners = new Set<ModelListener>();

  #servedListeners: ReadonlyMap<string, ServedListener> | undefined;
  /** Whether the Gateway is gone for good. */
  isRetired = false;

  /**
   * Ids of tables that a proxy has served as they are now; it goes on even when its stream ends. Of a listener that gained tables
   * only these are missing: the others go on as they were.
   */
  get served(): string[] {
    return this.servedOf([...(this.#servedListeners?.values() ?? [])]);
  }

  /** As `served`, for a proxy that has those listeners. */
  servedOf(listeners: readonly ServedListener[]): string[] {
    return [...this.#snapshot.lds.values()].flatMap((listener) => {
      const served = listeners.find(({ name }) => name === listener.name);
      if (served?.version === listener.version) return listener.tables;
      const kept = listener.tables.filter((id) => served?.tables.includes(id) === true);
      return kept.length < listener.tables.length ? kept : [];
    });
  }

  /** Whether a proxy has acknowledged its listeners since they were there: before that nothing is known of what one serves. */
  get isServed(): boolean {
    return this.#servedListeners !== undefined;
  }

  /** What a proxy was last seen to serve. */
  get servedListeners(): ServedListener[] {
    return [...(this.#servedListeners?.values() ?? [])].map(({ name, version, tables }) => ({
      name,
      version,
      tables,
    }));
  }

  /** A proxy serves the listeners as they are now. */
  noteServed(): void {
    this.#servedListeners = this.#snapshot.lds;
  }

  get snapshot(): XdsSnapshot {
    return this.#snapshot;
  }

  /** Takes over what differs from what is here, and tells the streams which names do. */
  apply(changes: XdsChanges): void {
    // What was noted as served stays as it was.
    if (changes.lds.size > 0) this.#snapshot.lds = new Map(this.#snapshot.lds);
    const told = xdsTypes.map((type) => {
      const names: string[] = [];
      for (const [name, resource] of changes[type]) if (this.#put(type, name, resource)) names.push(name);
      return [type, names] as const;
    });
    for (const [type, names] of told) if (names.length > 0) this.#tell(type, names);
  }

  /** Takes over a whole snapshot: what is not in it is gone. */
  update(next: XdsSnapshot): void {
    this.apply({
      cds: this.#differences('cds', next),
      eds: this.#differences('eds', next),
      sds: this.#differences('sds', next),
      srds: this.#differences('srds', next),
      lds: this.#differences('lds', next),
    });
  }

  /** Takes the listeners away and leaves the rest to the calls that are still open. */
  closeListeners(): void {
    this.#servedListeners = undefined;
    this.update({ ...this.#snapshot, lds: new Map() });
  }

  /** As `closeListeners`, for good. */
  retire(): void {
    this.isRetired = true;
    this.closeListeners();
  }

  /** @returns whether proxies have to hear of it */
  #put(type: XdsType, name: string, resource: XdsResource | undefined): boolean {
    const resources = this.#snapshot[type];
    const before = resources.get(name);
    if (resource === undefined) {
      if (before !== undefined) this.#forget(type, name);
      return resources.delete(name);
    }
    resources.set(name, resource);
    return before?.version !== resource.version;
  }

  #differences(type: XdsType, next: XdsSnapshot): Map<string, XdsResource | undefined> {
    const current = this.#snapshot[type];
    const differences = new Map<string, XdsResource | undefined>();
    for (const name of current.keys()) if (!next[type].has(name)) differences.set(name, undefined);
    for (const [name, resource] of next[type]) {
      if (current.get(name) !== resource) differences.set(name, resource);
    }
    return differences;
  }

  /** The resource that a proxy is to have, undefined for none. */
  view(type: XdsType, name: string): XdsResource | undefined {
    const current = this.#snapshot[type].get(name);
    if (current === undefined) return undefined;
    const quarantined = this.#quarantine.get(id(type, name));
    return quarantined?.version === current.version ? this.#lastGood.get(id(type, name)) : current;
  }

  acknowledged(resource: XdsResource): void {
    if (!this.#snapshot[resource.type].has(resource.name)) return;
    this.#lastGood.set(id(resource.type, resource.name), resource);
  }

  /** Envoy refuses this version; `guilty` are the routes that it refuses alone, none when that is not known. */
  refuse(resource: XdsResource, message: string, guilty: readonly RouteRef[]): void {
    const { type, name, version } = resource;
    this.#quarantine.set(id(type, name), { version, rejection: { resource: name, type, message } });
    for (const { source, generation } of guilty) {
      this.#rejectedRoutes.set(sourceKey(source), { resource: name, type, message, source, generation });
    }
    this.#tell(type, [name]);
  }

  /**
   * Refused routes stay listed until `isCurrent` says that their object changed or is gone; refused resources until they change.
   * A resource whose guilty routes are known is not listed by itself.
   */
  rejections(isCurrent: (rejection: Rejection) => boolean): Rejection[] {
    for (const [key, rejection] of this.#rejectedRoutes) {
      if (!isCurrent(rejection)) this.#rejectedRoutes.delete(key);
    }
    const routes = [...this.#rejectedRoutes.values()];
    const explained = new Set(routes.map(({ resource }) => resource));
    const resources = [...this.#quarantine.values()]
      .filter(
        ({ version, rejection }) =>
          this.#snapshot[rejection.type].get(rejection.resource)?.version === version,
      )
      .map(({ rejection }) => rejection)
      .filter(({ resource }) => !explained.has(resource));
    return [...routes, ...resources];
  }

  subscribe(listener: ModelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(type: XdsType, name: string): void {
    this.#lastGood.delete(id(type, name));
    this.#quarantine.delete(id(type, name));
  }

  #tell(type: XdsType, names: string[]): void {
    for (const listener of this.#listeners) listener(type, names);
  }
}

function id(type: XdsType, name: string): string {
  return `${type} ${name}`;
}
