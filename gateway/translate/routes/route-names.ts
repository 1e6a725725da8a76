import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { AttachContext } from './attach.ts';
import type { AnyRoute } from './compile-route.ts';
import type { CompiledRoute } from './compiled.ts';
import { gatewayGroup } from '../model/kinds.ts';
import { listDiff } from '../../../common/list-diff.ts';
import type { References } from '../backends/references.ts';

const serviceName = (key: string): string => `Service ${key}`;
const grantsName = (namespace: string): string => `grants of ${namespace}`;
const defaultsName = 'default Gateways';
const namespaceName = (namespace: string): string => `Namespace ${namespace}`;

/** Names of all that a route's own translation has looked at beside the route: as long as none has changed, it holds. */
export function namesOf({ object }: AnyRoute, { followed }: CompiledRoute): Set<string> {
  const { namespace = '' } = object.metadata;
  const names = new Set([namespaceName(namespace)]);
  if (object.spec.useDefaultGateways === 'All') names.add(defaultsName);
  for (const { ref } of followed) {
    // References.backend looks no further at other kinds.
    if ((ref.group ?? '') !== '' || (ref.kind ?? 'Service') !== 'Service') continue;
    const target = ref.namespace ?? namespace;
    names.add(serviceName(objectKey(target, ref.name)));
    if (target !== namespace) names.add(grantsName(target));
  }
  try {
    for (const ref of object.spec.parentRefs ?? []) {
      const { group = gatewayGroup, kind = 'Gateway' } = ref;
      if (group === gatewayGroup) names.add(`${kind} ${objectKey(ref.namespace ?? namespace, ref.name)}`);
    }
  } catch {
    // Of a shape that no published CRD lets through: it is attached to nothing, whatever happens to its parents.
  }
  return names;
}

/** What References.backend may answer otherwise than before. */
export function changedReferences(before: References, after: References): string[] {
  if (before === after) return [];
  const [was, is] = [before.lists, after.lists];
  return [
    ...changed(was.services, is.services).map((service) => serviceName(keyOf(service))),
    ...changed(was.grants, is.grants).map(({ metadata }) => grantsName(metadata.namespace ?? '')),
    ...changed(was.policies, is.policies).flatMap(({ targets }) =>
      targets.map(({ serviceKey }) => serviceName(serviceKey)),
    ),
  ];
}

/** What attachRoute may answer otherwise than before. */
export function changedParents(before: AttachContext, after: AttachContext): string[] {
  if (before === after) return [];
  const gateways = changedKeys(before.gateways, after.gateways);
  const isDefault = (key: string): boolean =>
    [before, after].some((each) => each.gateways.get(key)?.isDefault === true);
  return [
    ...gateways.map((key) => `Gateway ${key}`),
    ...(gateways.some(isDefault) ? [defaultsName] : []),
    ...changedKeys(before.listenerSets, after.listenerSets).map((key) => `ListenerSet ${key}`),
    ...changed(before.namespaces, after.namespaces).map(({ metadata }) => namespaceName(metadata.name)),
  ];
}

function changed<T>(before: readonly T[], after: readonly T[]): T[] {
  const { removed, added } = listDiff(before, after);
  return [...removed, ...added];
}

function changedKeys<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}

/** Which routes have looked at what. */
export class Dependents {
  readonly #byName = new Map<string, Set<string>>();
  readonly #names = new Map<string, ReadonlySet<string>>();

  /** @param names - all that the route depends on now */
  set(route: string, names: ReadonlySet<string>): void {
    this.delete(route);
    this.#names.set(route, names);
    for (const name of names) {
      const routes = this.#byName.get(name);
      if (routes === undefined) this.#byName.set(name, new Set([route]));
      else routes.add(route);
    }
  }

  delete(route: string): void {
    for (const name of this.#names.get(route) ?? []) {
      const routes = this.#byName.get(name);
      routes?.delete(route);
      if (routes?.size === 0) this.#byName.delete(name);
    }
    this.#names.delete(route);
  }

  of(names: readonly string[]): Set<string> {
    return new Set(names.flatMap((name) => [...(this.#byName.get(name) ?? [])]));
  }
}
