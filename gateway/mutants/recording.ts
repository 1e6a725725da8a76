import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../common/object-key.ts';
import { ObjectStore, type KubeObject } from '../provider/object-store.ts';
import type { Objects, ProxyState, TranslateInput } from '../translate/types.ts';

type Kind = keyof Objects;

/** What a translation was given, as far as it differs from what the one before was given. */
interface Step {
  now: string;
  controllerName: string;
  set: Partial<Record<Kind, KubeObject[]>>;
  /** By kind, keys of those that are gone. */
  removed: Partial<Record<Kind, string[]>>;
  /** `null`: gone. */
  proxies: [string, ProxyState | null][];
}

/** Notes the difference to the input before, object by object. */
export class Recorder {
  readonly steps: string[] = [];
  readonly #known = new Map<Kind, { list: readonly KubeObject[]; byKey: Map<string, KubeObject> }>();
  #proxies: ReadonlyMap<string, ProxyState> = new Map();

  note({ objects, proxies, controllerName, now }: TranslateInput): void {
    const step: Step = { now, controllerName, set: {}, removed: {}, proxies: [] };
    for (const [kind, list] of Object.entries(objects) as [Kind, readonly KubeObject[]][])
      this.#noteKind(kind, list, step);
    for (const [key, state] of proxies)
      if (!isDeepStrictEqual(this.#proxies.get(key), state)) step.proxies.push([key, state]);
    for (const key of this.#proxies.keys()) if (!proxies.has(key)) step.proxies.push([key, null]);
    this.#proxies = proxies;
    this.steps.push(JSON.stringify(step));
  }

  #noteKind(kind: Kind, list: readonly KubeObject[], step: Step): void {
    const known = this.#known.get(kind);
    if (known?.list === list) return;
    const byKey = new Map(list.map((object) => [keyOf(object), object]));
    const set = [...byKey].flatMap(([key, object]) => (known?.byKey.get(key) === object ? [] : [object]));
    const removed = [...(known?.byKey.keys() ?? [])].filter((key) => !byKey.has(key as never));
    if (set.length > 0) step.set[kind] = set;
    if (removed.length > 0) step.removed[kind] = removed;
    this.#known.set(kind, { list, byKey });
  }
}

const kinds: readonly Kind[] = [
  'gatewayClasses',
  'gateways',
  'listenerSets',
  'grpcRoutes',
  'httpRoutes',
  'referenceGrants',
  'services',
  'endpointSlices',
  'secrets',
  'namespaces',
  'backendTlsPolicies',
  'configMaps',
  'crds',
];

/** The inputs again, of new objects; what did not change is the same object, as the controller's stores have it. */
export function* inputsOf(steps: readonly string[]): Generator<TranslateInput> {
  const stores = new Map(
    kinds.map((kind) => [kind, new ObjectStore<KubeObject>({ changed: () => undefined })]),
  );
  const proxies = new Map<string, ProxyState>();
  for (const line of steps) {
    const { now, controllerName, set, removed, proxies: changed } = JSON.parse(line) as Step;
    for (const [kind, store] of stores) {
      const gone = new Set(removed[kind]);
      if (gone.size > 0) for (const object of store.list()) if (gone.has(keyOf(object))) store.delete(object);
      for (const object of set[kind] ?? []) store.set(object);
    }
    for (const [key, state] of changed) {
      if (state === null) proxies.delete(key);
      else proxies.set(key, state);
    }
    const objects = Object.fromEntries([...stores].map(([kind, store]) => [kind, store.list()]));
    yield { objects: objects as unknown as Objects, proxies: new Map(proxies), controllerName, now };
  }
}
