import { keyOf } from '../../common/object-key.ts';
import { SliceIndex } from './backends/slice-index.ts';
import { dependenciesOf, judgePolicies } from './backends/backend-tls.ts';
import type { BackendTlsPolicies } from './backends/backend-tls.ts';
import type { CaReader } from './backends/ca-certificates.ts';
import type {
  ConfigMap,
  ListenerSet,
  Namespace,
  ReferenceGrant,
  Secret,
  Service,
} from './model/gateway-api.ts';
import { versionOf } from './crd-versions.ts';
import { setsByGateway } from './gateways/listener-sets.ts';
import { listDiff } from '../../common/list-diff.ts';
import { ListMemo, sameElements } from './memory/memo.ts';
import { References } from './backends/references.ts';
import type { Objects, TranslateInput } from './model/types.ts';

type Labels = Readonly<Record<string, string>>;

/** What the translator looks up. Services and EndpointSlices, of which there may be as many as routes, are kept up one by one. */
export interface Indexes {
  references: References;
  backendTls: BackendTlsPolicies;
  secrets: ReadonlyMap<string, Secret>;
  configMaps: ReadonlyMap<string, ConfigMap>;
  slices: SliceIndex;
  namespaces: readonly Namespace[];
  namespaceLabels: (namespace: string) => Labels | undefined;
  /** By the key of the Gateway that they name, in order of precedence. */
  listenerSets: ReadonlyMap<string, readonly ListenerSet[]>;
}

export class IndexMemory {
  readonly #services = new Map<string, Service>();
  #serviceList: readonly Service[] = [];
  readonly #slices = new SliceIndex();
  readonly #grants = new ListMemo<ReferenceGrant, Map<string, ReferenceGrant[]>>((grants) =>
    groupBy(grants, (grant) => grant.metadata.namespace ?? ''),
  );
  readonly #secrets = new ListMemo<Secret, Map<string, Secret>>(byKey);
  readonly #namespaces = new ListMemo<Namespace, Indexes['namespaceLabels']>((namespaces) => {
    const index = byKey(namespaces);
    return (name) => index.get(name)?.metadata.labels;
  });
  readonly #listenerSets = new ListMemo<ListenerSet, Map<string, readonly ListenerSet[]>>(setsByGateway);
  readonly #configMaps = new ListMemo<ConfigMap, Map<string, ConfigMap>>(byKey);
  readonly #cas: CaReader;
  /** `lists`: what the parts were found in. */
  #backendTls:
    { lists: readonly unknown[]; parts: readonly unknown[]; value: BackendTlsPolicies } | undefined;
  #references: { parts: readonly unknown[]; value: References } | undefined;

  constructor(cas: CaReader) {
    this.#cas = cas;
  }

  of({ objects, controllerName }: Pick<TranslateInput, 'objects' | 'controllerName'>): Indexes {
    this.#updateServices(objects.services);
    this.#slices.update(objects.endpointSlices);
    const backendTls = this.#backendTlsOf(objects, this.#services, controllerName);
    return {
      references: this.#referencesOf(objects, backendTls),
      backendTls,
      secrets: this.#secrets.of(objects.secrets),
      configMaps: this.#configMaps.of(objects.configMaps),
      slices: this.#slices,
      namespaces: objects.namespaces,
      namespaceLabels: this.#namespaces.of(objects.namespaces),
      listenerSets: this.#listenerSets.of(objects.listenerSets),
    };
  }

  #updateServices(services: readonly Service[]): void {
    const { removed, added } = listDiff(this.#serviceList, services);
    for (const service of removed) this.#services.delete(keyOf(service));
    for (const service of added) this.#services.set(keyOf(service), service);
    // The list that was looked at, so that one that holds the same is no change to those who compare.
    if (removed.length + added.length > 0) this.#serviceList = services;
  }

  #backendTlsOf(
    objects: Objects,
    services: ReadonlyMap<string, Service>,
    controllerName: string,
  ): BackendTlsPolicies {
    const policies = objects.backendTlsPolicies;
    const configMaps = this.#configMaps.of(objects.configMaps);
    const known = this.#backendTls;
    const lists = [policies, this.#serviceList, configMaps, controllerName];
    if (known !== undefined && sameElements(known.lists, lists)) return known.value;
    const input = { policies, services, configMaps, controllerName, cas: this.#cas };
    const parts = [controllerName, ...dependenciesOf(input)];
    const same = known !== undefined && sameElements(known.parts, parts);
    const value = same ? known.value : judgePolicies(input, known?.value);
    this.#backendTls = { lists, parts, value };
    return value;
  }

  #referencesOf(objects: Objects, policies: BackendTlsPolicies): References {
    const grants = this.#grants.of(objects.referenceGrants);
    const services = this.#serviceList;
    const backoffIsMinimum = /^v1\.[0-6]\./.test(versionOf(objects.crds, 'httproutes').release);
    const parts = [services, grants, policies, backoffIsMinimum];
    if (this.#references === undefined || !sameElements(this.#references.parts, parts)) {
      const lists = { services, grants: [...grants.values()].flat(), policies: policies.judged };
      const value = new References(this.#services, grants, policies, lists, backoffIsMinimum);
      this.#references = { parts, value };
    }
    return this.#references.value;
  }
}

function byKey<T extends { metadata: { name: string; namespace?: string } }>(
  objects: readonly T[],
): Map<string, T> {
  return new Map(objects.map((object) => [keyOf(object), object]));
}

function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
