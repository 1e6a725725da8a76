import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../common/object-key.ts';
import { ObjectStore, type KubeObject } from '../provider/object-store.ts';
import type { Objects, ProxyState, TranslateInput } from '../translate/model/types.ts';

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

const everyKind: Record<Kind, true> = {
  gatewayClasses: true,
  gateways: true,
  listenerSets: true,
  grpcRoutes: true,
  httpRoutes: true,
  referenceGrants: true,
  services: true,
  endpointSlices: true,
  secrets: true,
  namespaces: true,
  backendTlsPolicies: true,
  configMaps: true,
  crds: true,
};
const kinds = Object.keys(everyKind) as Kind[];

/**
 * The recording as each scenario would have had it alone: of what the others did, nothing, so that no change of theirs puts right what
 * was kept too long. What belongs to none is everybody's, and comes with a scenario's next own change.
 */
export function aloneOf(steps: readonly string[]): string[][] {
  const parsed = steps.map((line) => JSON.parse(line) as Step);
  const nonces = new Set(
    parsed.flatMap(({ set }) => (set.namespaces ?? []).flatMap((each) => nonceIn(each) ?? [])),
  );
  const ownerOf = (name: string): string | undefined => name.split(/[-/ ]/).find((word) => nonces.has(word));
  const courses = new Map([...nonces].map((nonce) => [nonce, new Course()]));
  const common = new Course();
  for (const step of parsed) {
    const owned = new Map<string | undefined, Step>();
    const of = (name: string): Step => {
      const owner = ownerOf(name);
      const known = owned.get(owner) ?? { ...step, set: {}, removed: {}, proxies: [] };
      owned.set(owner, known);
      return known;
    };
    for (const [kind, objects] of Object.entries(step.set) as [Kind, KubeObject[]][])
      for (const object of objects) (of(keyOf(object)).set[kind] ??= []).push(object);
    for (const [kind, keys] of Object.entries(step.removed) as [Kind, string[]][])
      for (const key of keys) (of(key).removed[kind] ??= []).push(key);
    for (const proxy of step.proxies) of(proxy[0]).proxies.push(proxy);
    const everybodys = owned.get(undefined);
    if (everybodys !== undefined) common.add(everybodys);
    for (const [owner, own] of owned) if (owner !== undefined) courses.get(owner)?.addAfter(common, own);
  }
  return [...courses.values()].map(({ steps: own }) => own.map((step) => JSON.stringify(step)));
}

/** Of a scenario's namespace. */
function nonceIn({ metadata }: KubeObject): string | undefined {
  return /^rp-.+-([b-df-hj-np-tv-z][b-df-hj-np-tv-z2-9]{5})$/.exec(metadata.name)?.[1];
}

class Course {
  readonly steps: Step[] = [];
  #taken = 0;

  add(step: Step): void {
    this.steps.push(step);
  }

  addAfter(common: Course, step: Step): void {
    this.steps.push(joined([...common.steps.slice(this.#taken), step]));
    this.#taken = common.steps.length;
  }
}

/** Several steps as one: of an object the last word. */
function joined(steps: readonly Step[]): Step {
  const last = steps.at(-1);
  if (last === undefined || steps.length === 1) return last as Step;
  const step: Step = { ...last, set: {}, removed: {}, proxies: steps.flatMap(({ proxies }) => proxies) };
  for (const kind of kinds) {
    const words = new Map<string, KubeObject | undefined>();
    for (const { set, removed } of steps) {
      for (const key of removed[kind] ?? []) words.set(key, undefined);
      for (const object of set[kind] ?? []) words.set(keyOf(object), object);
    }
    const objects = [...words.values()].filter((object) => object !== undefined);
    const keys = [...words].flatMap(([key, object]) => (object === undefined ? [key] : []));
    if (objects.length > 0) step.set[kind] = objects;
    if (keys.length > 0) step.removed[kind] = keys;
  }
  return step;
}

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
