import { keyOf, objectKey } from '../../common/object-key.ts';
import { dependenciesOf, judgePolicies } from './backend-tls.ts';
import type { BackendTlsPolicies } from './backend-tls.ts';
import type { CaReader } from './ca-certificates.ts';
import { serviceNameLabel } from './endpoints.ts';
import type {
  ConfigMap,
  EndpointSlice,
  ListenerSet,
  Namespace,
  ReferenceGrant,
  Secret,
  Service,
} from './gateway-api.ts';
import { setsByGateway } from './listener-sets.ts';
import { keepList, ListMemo, sameElements } from './memo.ts';
import { References } from './references.ts';
import type { Objects, TranslateInput } from './types.ts';

type Labels = Readonly<Record<string, string>>;

/** What the translator looks up, rebuilt only for the kinds of which an object has changed. */
export interface Indexes {
  references: References;
  backendTls: BackendTlsPolicies;
  secrets: ReadonlyMap<string, Secret>;
  configMaps: ReadonlyMap<string, ConfigMap>;
  slices: ReadonlyMap<string, readonly EndpointSlice[]>;
  namespaceLabels: (namespace: string) => Labels | undefined;
  /** By the key of the Gateway that they name, in order of precedence. */
  listenerSets: ReadonlyMap<string, readonly ListenerSet[]>;
}

export class IndexMemory {
  readonly #services = new ListMemo<Service, Map<string, Service>>(byKey);
  readonly #grants = new ListMemo<ReferenceGrant, Map<string, ReferenceGrant[]>>((grants) =>
    groupBy(grants, (grant) => grant.metadata.namespace ?? ''),
  );
  readonly #secrets = new ListMemo<Secret, Map<string, Secret>>(byKey);
  readonly #namespaces = new ListMemo<Namespace, Indexes['namespaceLabels']>((namespaces) => {
    const index = byKey(namespaces);
    return (name) => index.get(name)?.metadata.labels;
  });
  readonly #slices = new ListMemo<EndpointSlice, Map<string, EndpointSlice[]>>(slicesByService);
  readonly #listenerSets = new ListMemo<ListenerSet, Map<string, readonly ListenerSet[]>>(setsByGateway);
  readonly #configMaps = new ListMemo<ConfigMap, Map<string, ConfigMap>>(byKey);
  readonly #cas: CaReader;
  #backendTls: { parts: readonly unknown[]; value: BackendTlsPolicies } | undefined;
  #references: { parts: readonly unknown[]; value: References } | undefined;

  constructor(cas: CaReader) {
    this.#cas = cas;
  }

  of({ objects, controllerName }: Pick<TranslateInput, 'objects' | 'controllerName'>): Indexes {
    const services = this.#services.of(objects.services);
    const backendTls = this.#backendTlsOf(objects, services, controllerName);
    return {
      references: this.#referencesOf(objects, services, backendTls),
      backendTls,
      secrets: this.#secrets.of(objects.secrets),
      configMaps: this.#configMaps.of(objects.configMaps),
      slices: this.#slices.of(objects.endpointSlices),
      namespaceLabels: this.#namespaces.of(objects.namespaces),
      listenerSets: this.#listenerSets.of(objects.listenerSets),
    };
  }

  #backendTlsOf(
    objects: Objects,
    services: ReadonlyMap<string, Service>,
    controllerName: string,
  ): BackendTlsPolicies {
    const policies = objects.backendTlsPolicies;
    const configMaps = this.#configMaps.of(objects.configMaps);
    const input = { policies, services, configMaps, controllerName, cas: this.#cas };
    const parts = [controllerName, ...dependenciesOf(input)];
    if (this.#backendTls === undefined || !sameElements(this.#backendTls.parts, parts)) {
      this.#backendTls = { parts, value: judgePolicies(input, this.#backendTls?.value) };
    }
    return this.#backendTls.value;
  }

  #referencesOf(
    objects: Objects,
    services: ReadonlyMap<string, Service>,
    backendTls: BackendTlsPolicies,
  ): References {
    const grants = this.#grants.of(objects.referenceGrants);
    const parts = [services, grants, backendTls];
    if (this.#references === undefined || !sameElements(this.#references.parts, parts)) {
      this.#references = { parts, value: new References(services, grants, backendTls) };
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

/** Lists of Services without a change keep their identity, so that their clusters are kept as well. */
function slicesByService(
  slices: readonly EndpointSlice[],
  previous: Map<string, EndpointSlice[]> | undefined,
): Map<string, EndpointSlice[]> {
  const groups = groupBy(slices, ({ metadata }) =>
    objectKey(metadata.namespace, metadata.labels?.[serviceNameLabel] ?? ''),
  );
  for (const [key, group] of groups) groups.set(key, keepList(previous?.get(key), group));
  return groups;
}
