import { listDiff } from '../../common/list-diff.ts';
import { keyOf, objectKey } from '../../common/object-key.ts';
import type { ObjectKey } from '../../common/object-key.ts';
import { managedBy } from '../provider/cluster-state.ts';
import type { KubeObject } from '../provider/object-store.ts';
import type { Gateway, GatewayClass } from '../translate/model/gateway-api.ts';
import { controllerLabel, controllerValue, proxyName } from './names.ts';

export interface LeftoversInput {
  gateways: readonly (Gateway & KubeObject)[];
  gatewayClasses: readonly (GatewayClass & KubeObject)[];
  services: readonly KubeObject[];
  deployments: readonly KubeObject[];
}

/** What is left of a proxy that no Gateway wants any more. */
export interface Leftover {
  namespace: string;
  name: string;
  /** Of the Gateway that it was made for. */
  gatewayKey: ObjectKey;
  /** Whether that Gateway is gone: then Kubernetes deletes, sooner or later, everything that it owned. */
  ownerGone: boolean;
  /** What is known to be there. */
  serviceUid?: string;
  deploymentUid?: string;
}

/**
 * Finds proxies whose Gateway was deleted, or belongs now to another class. A Gateway that is missing counts as deleted only once it
 * was seen here: what lists say right after a start may be older than the objects. A class that is missing changes nothing: proxies
 * go on until it is clear whose the Gateway is.
 */
export class LeftoverFinder {
  readonly #controllerName: string;
  #known = new Set<string>();
  readonly #gone = new Set<string>();
  #inputs: unknown[] = [];
  #found: readonly Leftover[] = [];
  readonly #services: MadeObjects;
  readonly #deployments: MadeObjects;

  constructor(controllerName: string) {
    this.#controllerName = controllerName;
    this.#services = new MadeObjects(controllerName);
    this.#deployments = new MadeObjects(controllerName);
  }

  /** The same list until one of the inputs is another list. */
  find(input: LeftoversInput): readonly Leftover[] {
    const inputs = [input.gateways, input.gatewayClasses, input.services, input.deployments];
    if (inputs.every((list, index) => list === this.#inputs[index])) return this.#found;
    this.#inputs = inputs;
    const uids = new Set(input.gateways.map(({ metadata }) => metadata.uid ?? ''));
    for (const uid of this.#known) if (!uids.has(uid)) this.#gone.add(uid);
    this.#known = uids;
    this.#found = this.#search(input);
    return this.#found;
  }

  #search(input: LeftoversInput): Leftover[] {
    const gateways = new Map(input.gateways.map((gateway) => [keyOf(gateway), gateway]));
    const foreign = new Set(
      input.gatewayClasses
        .filter(({ spec }) => spec.controllerName !== this.#controllerName)
        .map(({ metadata }) => metadata.name),
    );
    const found = new Map<ObjectKey, Leftover>();
    for (const [field, made] of [
      ['serviceUid', this.#services.of(input.services)],
      ['deploymentUid', this.#deployments.of(input.deployments)],
    ] as const) {
      for (const [{ metadata }, owner] of made) {
        if (metadata.deletionTimestamp !== undefined) continue;
        const { namespace = '', name, uid } = metadata;
        const gatewayKey = objectKey(namespace, owner.name);
        const gateway = gateways.get(gatewayKey);
        const isLeft = gateway === undefined ? this.#gone.has(owner.uid) : !wants(gateway, metadata, foreign);
        if (!isLeft) continue;
        const key = objectKey(namespace, name);
        const leftover = found.get(key) ?? { namespace, name, gatewayKey, ownerGone: gateway === undefined };
        found.set(key, { ...leftover, ...(uid !== undefined && { [field]: uid }) });
      }
    }
    return [...found.values()];
  }
}

/** Those of a list that this controller made, with the Gateway that each was made for. Of a new list only what differs is looked at. */
class MadeObjects {
  readonly #controllerName: string;
  readonly #made = new Map<KubeObject, Owner>();
  #list: readonly KubeObject[] = [];

  constructor(controllerName: string) {
    this.#controllerName = controllerName;
  }

  of(list: readonly KubeObject[]): ReadonlyMap<KubeObject, Owner> {
    const { removed, added } = listDiff(this.#list, list);
    for (const object of removed) this.#made.delete(object);
    for (const object of added) {
      const owner = ownerOf(object.metadata, this.#controllerName);
      if (owner !== undefined) this.#made.set(object, owner);
    }
    this.#list = list;
    return this.#made;
  }
}

interface Owner {
  name: string;
  uid: string;
}

function wants(
  { metadata, spec }: Gateway,
  made: KubeObject['metadata'],
  foreign: ReadonlySet<string>,
): boolean {
  return made.name === proxyName(metadata.name, spec.gatewayClassName) && !foreign.has(spec.gatewayClassName);
}

/** The Gateway that the object was made for; undefined for what this controller did not make. */
function ownerOf(
  { labels, ownerReferences }: KubeObject['metadata'],
  controllerName: string,
): Owner | undefined {
  if (labels?.[managedBy.label] !== managedBy.value) return undefined;
  const ours = controllerValue(controllerName);
  // Versions before this label left it away.
  if ((labels[controllerLabel] ?? ours) !== ours) return undefined;
  return ownerReferences?.find(({ kind, controller }) => kind === 'Gateway' && controller === true);
}
