import { expect } from 'chai';
import type { GrpcRoute } from './model/gateway-api.ts';
import { Translator } from './translator.ts';
import type { Objects } from './model/types.ts';

const good: GrpcRoute = {
  metadata: { name: 'good', namespace: 'app', generation: 1 },
  spec: { parentRefs: [{ name: 'gw' }], hostnames: ['good.example.com'], rules: [{}] },
};

function translate(odd: unknown) {
  const objects: Objects = {
    gatewayClasses: [
      { metadata: { name: 'routeproof' }, spec: { controllerName: 'routeproof.dev/gateway-controller' } },
    ],
    gateways: [
      {
        metadata: { name: 'gw', namespace: 'app', generation: 1 },
        spec: {
          gatewayClassName: 'routeproof',
          listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
        },
      },
    ],
    grpcRoutes: [odd as GrpcRoute, good],
    httpRoutes: [],
    referenceGrants: [],
    services: [],
    endpointSlices: [],
    secrets: [],
    namespaces: [],
    listenerSets: [],
    backendTlsPolicies: [],
    configMaps: [],
    crds: [],
  };
  const { gateways, statuses } = new Translator().translate({
    objects,
    proxies: new Map(),
    controllerName: 'routeproof.dev/gateway-controller',
    now: '2026-01-02T03:04:05Z',
  });
  const hosts = gateways.get('app/gw')?.ports[0]?.tables[0]?.hosts ?? [];
  const status = statuses.find(({ name }) => name === 'odd')?.status;
  return { hosts: hosts.map(({ hostname }) => hostname), status };
}

const metadata = { name: 'odd', namespace: 'app', generation: 1 };
const parentRefs = [{ name: 'gw' }];

describe('objects that only a loosened CRD lets through', () => {
  it('a null among matches: the route is refused, the others serve', () => {
    const { hosts, status } = translate({ metadata, spec: { parentRefs, rules: [{ matches: [null] }] } });
    expect(hosts).to.deep.equal(['good.example.com', '*']);
    expect(JSON.stringify(status)).to.match(/"type":"Accepted","status":"False","reason":"UnsupportedValue"/);
  });

  it('a number for a hostname: nothing is known about its parents, the others serve', () => {
    const { hosts, status } = translate({ metadata, spec: { parentRefs, hostnames: [5], rules: [{}] } });
    expect(hosts).to.deep.equal(['good.example.com', '*']);
    expect(status).to.equal(undefined);
  });

  it('a header value of 100,000 characters is a value like any other', () => {
    const value = 'x'.repeat(100_000);
    const { status } = translate({
      metadata,
      spec: { parentRefs, rules: [{ matches: [{ headers: [{ name: 'a', value }] }] }] },
    });
    expect(JSON.stringify(status)).to.match(/"type":"Accepted","status":"True"/);
  });
});
