import { expect } from 'chai';
import type { IrHost } from '../ir/ir.ts';
import {
  changed,
  first,
  gateway,
  generator,
  meta,
  proxyState,
  route,
  withObject,
  withStatuses,
} from './random-objects.fixture.ts';
import { Translator } from './translator.ts';
import type { Objects, TranslateInput, Translation } from './model/types.ts';

const steps = 400;

function text({ gateways, statuses }: Translation): string {
  return JSON.stringify([[...gateways], statuses]);
}

function hostsOf(translator: Translator, from: TranslateInput): readonly IrHost[] {
  return translator.translate(from).gateways.get('app/gw')?.ports[0]?.tables[0]?.hosts ?? [];
}

describe('Translator, with what it remembers', () => {
  for (const seed of [1, 2, 3]) {
    it(`gives what a new one gives, over ${steps} changes (seed ${seed})`, () => {
      const random = generator(seed);
      const translator = new Translator();
      let objects = first;
      for (let step = 1; step <= steps; step++) {
        objects = changed(objects, random, step);
        const input: TranslateInput = {
          objects,
          proxies: new Map([['app/gw', proxyState(objects, random)]]),
          controllerName: 'routeproof.dev/gateway-controller',
          now: '2026-01-02T03:04:05Z',
        };
        const result = translator.translate(input);
        expect(text(result), `step ${step}`).to.equal(text(new Translator().translate(input)));
        if (random(2) === 0) objects = withStatuses(objects, result);
      }
    });
  }

  it('keeps the identity of a host that a change does not concern', () => {
    const random = generator(4);
    const objects: Objects = {
      ...first,
      gateways: [
        {
          metadata: meta('gw'),
          spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'l', port: 80, protocol: 'HTTP' }] },
        },
      ],
      grpcRoutes: ['a', 'b'].map((name) => ({
        metadata: meta(name),
        spec: { parentRefs: [{ name: 'gw' }], hostnames: [`${name}.example.com`], rules: [{}] },
      })),
    };
    const input = {
      objects,
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '',
    };
    const translator = new Translator();
    const before = hostsOf(translator, input);
    const edited = { ...route(random, 'b', 2), spec: { ...objects.grpcRoutes[1]?.spec, rules: [{}, {}] } };
    const after = hostsOf(translator, {
      ...input,
      objects: { ...objects, grpcRoutes: withObject(objects.grpcRoutes, edited) },
    });
    expect(after.map(({ hostname }) => hostname)).to.deep.equal(['a.example.com', 'b.example.com', '*']);
    expect(after[0]).to.equal(before[0]);
    expect(after[1]).not.to.equal(before[1]);
    expect(after[2]).to.equal(before[2]);
  });

  it('keeps the identity of hosts that a ListenerSet does not concern', () => {
    const input = {
      objects: {
        ...first,
        gateways: [
          {
            metadata: meta('gw'),
            spec: {
              gatewayClassName: 'routeproof',
              allowedListeners: { namespaces: { from: 'Same' } },
              listeners: [{ name: 'l', port: 80, protocol: 'HTTP', hostname: 'a.example.com' }],
            },
          },
        ],
        grpcRoutes: [{ metadata: meta('a'), spec: { parentRefs: [{ name: 'gw' }], rules: [{}] } }],
      },
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '',
    };
    const translator = new Translator();
    const before = hostsOf(translator, input);
    const set = {
      metadata: meta('set'),
      spec: {
        parentRef: { name: 'gw' },
        listeners: [{ name: 'l', port: 80, protocol: 'HTTP', hostname: 'b.example.com' }],
      },
    };
    const after = hostsOf(translator, { ...input, objects: { ...input.objects, listenerSets: [set] } });
    expect(after.map(({ hostname }) => hostname)).to.deep.equal(['a.example.com', 'b.example.com']);
    expect(after[0]).to.equal(before[0]);
  });

  it('gives the very same IR when only a status has changed', () => {
    const translator = new Translator();
    const input = {
      objects: { ...first, gateways: [gateway(generator(5), 1)], grpcRoutes: [route(generator(6), 'r', 1)] },
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '2026-01-02T03:04:05Z',
    };
    const before = translator.translate(input);
    const after = translator.translate({ ...input, objects: withStatuses(input.objects, before) });
    expect(after.gateways.get('app/gw')).to.equal(before.gateways.get('app/gw'));
    expect(after.statuses.map(({ kind }) => kind)).to.deep.equal(['GatewayClass']);
  });
});
