import { expect } from 'chai';
import { keyOf } from '../../common/object-key.ts';
import { ObjectStore } from '../provider/object-store.ts';
import type { KubeObject } from '../provider/object-store.ts';
import { changed, first, generator, proxyState } from '../translate/random-objects.fixture.ts';
import { Translator } from '../translate/translator.ts';
import type { Objects, TranslateInput } from '../translate/model/types.ts';
import { aloneOf, inputsOf, Recorder } from './recording.ts';

const kinds = Object.keys(first) as (keyof Objects)[];

function sorted(objects: Objects): unknown {
  const byKey = (left: KubeObject, right: KubeObject): number => (keyOf(left) < keyOf(right) ? -1 : 1);
  return kinds.map((kind) => [kind, [...(objects[kind] as readonly KubeObject[])].sort(byKey)]);
}

function inputOf(
  objects: Objects,
  now: string,
  proxies: TranslateInput['proxies'] = new Map(),
): TranslateInput {
  return { objects, proxies, controllerName: 'routeproof.dev/gateway-controller', now };
}

describe('a recording of translations', () => {
  it('gives the same inputs again, step by step, which are translated to the same', () => {
    const random = generator(21);
    const recorder = new Recorder();
    const inputs: TranslateInput[] = [];
    let objects = first;
    for (let step = 1; step <= 60; step++) {
      objects = changed(objects, random, step);
      const proxies = new Map(random(4) === 0 ? [] : [['app/gw', proxyState(objects, random)]]);
      inputs.push(inputOf(objects, '2026-01-02T03:04:05Z', proxies));
    }
    const results = inputs.map((input) => {
      recorder.note(input);
      return new Translator().translate(input);
    });
    const translator = new Translator();
    const again = [...inputsOf(recorder.steps)];
    expect(again).to.have.length(60);
    for (const [at, input] of again.entries()) {
      expect(sorted(input.objects), `step ${at}`).to.deep.equal(sorted((inputs[at] ?? input).objects));
      expect([...input.proxies]).to.deep.equal([...(inputs[at] ?? input).proxies]);
    }
    const retold = again.map((input) => translator.translate(input));
    for (const [at, { statuses, gateways }] of retold.entries()) {
      expect(statuses, `statuses, step ${at}`).to.deep.equal(results[at]?.statuses);
      expect([...gateways], `IR, step ${at}`).to.deep.equal([...(results[at]?.gateways ?? [])]);
    }
  });

  it('is taken apart into what each scenario did, with what is of all of them', () => {
    const stores = { services: store(), namespaces: store() };
    const recorder = new Recorder();
    const note = (): void =>
      recorder.note(
        inputOf({ ...first, services: stores.services.list(), namespaces: stores.namespaces.list() }, ''),
      );
    const service = (namespace: string, version: string): KubeObject => ({
      metadata: { name: 's', namespace, resourceVersion: version },
    });
    const [one, two] = ['rp-a-one-bcdfgh', 'rp-a-two-jkmnpq'];
    stores.namespaces.set({ metadata: { name: one } });
    stores.services.set(service('base', '1'));
    stores.services.set(service(one, '2'));
    note();
    stores.namespaces.set({ metadata: { name: two } });
    stores.services.set(service(two, '3'));
    note();
    stores.services.set(service('base', '4'));
    note();
    stores.services.set(service(`${two}-other`, '5'));
    note();
    stores.services.delete(service(one, '2'));
    note();

    const seen = aloneOf(recorder.steps).map((steps) =>
      [...inputsOf(steps)].map(({ objects }) =>
        objects.services
          .map(
            ({ metadata }) => `${metadata.namespace}:${(metadata as KubeObject['metadata']).resourceVersion}`,
          )
          .sort(),
      ),
    );
    expect(seen).to.deep.equal([
      [['base:1', `${one}:2`], ['base:4']],
      [
        ['base:1', `${two}:3`],
        ['base:4', `${two}-other:5`, `${two}:3`],
      ],
    ]);
  });
});

function store(): ObjectStore<KubeObject> {
  return new ObjectStore<KubeObject>({ changed: () => undefined });
}
