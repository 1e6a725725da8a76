import { expect } from 'chai';
import { keyOf } from '../common/object-key.ts';
import { GatewayModel } from './ads/gateway-model.ts';
import type { IrGateway } from './ir/ir.ts';
import { ObjectStore } from './provider/object-store.ts';
import type { KubeObject } from './provider/object-store.ts';
import { changed, first, generator, proxyState, withStatuses } from './translate/random-objects.fixture.ts';
import { Translator } from './translate/translator.ts';
import type { Objects, TranslateInput } from './translate/model/types.ts';
import type { XdsSnapshot } from './xds/resource.ts';
import { toXds } from './xds/to-xds.ts';
import { XdsDelta } from './xds/xds-delta.ts';

const steps = 300;
const kinds = Object.keys(first) as (keyof Objects)[];

/** The stores of the controller: their lists say how they were made. */
class Stores {
  readonly #stores = new Map(
    kinds.map((kind) => [kind, new ObjectStore<KubeObject>({ changed: () => undefined })]),
  );

  /** Takes over objects, with one event for each that differs. */
  take(objects: Objects): Objects {
    const lists = kinds.map((kind) => {
      const store = this.#stores.get(kind);
      const wanted = objects[kind] as readonly KubeObject[];
      const keys = new Set(wanted.map((object) => keyOf(object)));
      for (const object of store?.list() ?? []) if (!keys.has(keyOf(object))) store?.delete(object);
      for (const object of wanted) if (store?.get(keyOf(object)) !== object) store?.set(object);
      return [kind, store?.list()] as const;
    });
    return Object.fromEntries(lists) as unknown as Objects;
  }
}

/** What a Gateway's proxy has: what it was told of, change by change. */
class Proxy {
  readonly #delta = new XdsDelta();
  readonly #model = new GatewayModel();
  readonly has = new Map<string, string>();

  constructor() {
    this.#model.subscribe((type, names) => {
      for (const name of names) {
        const resource = this.#model.snapshot[type].get(name);
        if (resource === undefined) this.has.delete(`${type} ${name}`);
        else this.has.set(`${type} ${name}`, resource.version);
      }
    });
  }

  program(ir: IrGateway): void {
    this.#model.apply(this.#delta.changes(ir));
  }
}

function versions(snapshot: XdsSnapshot): Record<string, string> {
  const resources = Object.values(snapshot).flatMap((each) => [...each.values()]);
  const entries = resources.map(({ type, name, version }): [string, string] => [`${type} ${name}`, version]);
  return Object.fromEntries(entries.sort());
}

describe('one change after the other', () => {
  for (const seed of [11, 12, 13, 14]) {
    it(`comes to what a translation from scratch gives: IR, resources, statuses (seed ${seed})`, () => {
      const random = generator(seed);
      const [stores, translator] = [new Stores(), new Translator()];
      const proxies = new Map<string, Proxy>();
      let objects = first;
      let refused = proxyState(objects, random);
      for (let step = 1; step <= steps; step++) {
        for (let several = random(4); several >= 0; several--) objects = changed(objects, random, step);
        // What a proxy refuses stays refused for a while.
        if (random(3) === 0) refused = proxyState(objects, random);
        const input: TranslateInput = {
          objects: stores.take(objects),
          proxies: new Map([['app/gw', refused]]),
          controllerName: 'routeproof.dev/gateway-controller',
          now: '2026-01-02T03:04:05Z',
        };
        const result = translator.translate(input);
        const scratch = new Translator().translate(input);
        expect([...result.gateways], `IR, step ${step}`).to.deep.equal([...scratch.gateways]);
        expect(result.statuses, `statuses, step ${step}`).to.deep.equal(scratch.statuses);
        for (const key of proxies.keys()) if (!result.gateways.has(key)) proxies.delete(key);
        for (const [key, ir] of result.gateways) {
          const proxy = proxies.get(key) ?? new Proxy();
          proxies.set(key, proxy);
          proxy.program(ir);
          const has = Object.fromEntries([...proxy.has].sort());
          const wanted = scratch.gateways.get(key) ?? ir;
          expect(has, `resources of ${key}, step ${step}`).to.deep.equal(versions(toXds(wanted)));
        }
        if (random(2) === 0) objects = withStatuses(objects, result);
      }
    });
  }
});
