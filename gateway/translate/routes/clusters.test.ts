import { expect } from 'chai';
import { first, meta } from '../random-objects.fixture.ts';
import { Translator } from '../translator.ts';
import type { Objects } from '../model/types.ts';

const route = (name: string) => ({
  metadata: meta(name),
  spec: {
    parentRefs: [{ name: 'gw' }],
    hostnames: [`${name}.example.com`],
    rules: [{ backendRefs: [{ name: 'svc', port: 80 }] }],
  },
});

const slice = (address: string) => ({
  metadata: { ...meta('svc-1'), labels: { 'kubernetes.io/service-name': 'svc' } },
  ports: [{ name: 'p', port: 8080 }],
  endpoints: [{ addresses: [address] }],
});

describe('clusters of one Service', () => {
  it('follow its endpoints, also when one of them has gone', () => {
    const translator = new Translator();
    const clustersOf = (objects: Objects) => {
      const input = {
        objects,
        proxies: new Map(),
        controllerName: 'routeproof.dev/gateway-controller',
        now: '',
      };
      const { clusters = [] } = translator.translate(input).gateways.get('app/gw') ?? {};
      return clusters.map(
        ({ name, endpoints }) => `${name} ${endpoints.map(({ address }) => address).join()}`,
      );
    };
    const both: Objects = {
      ...first,
      gateways: [
        {
          metadata: meta('gw'),
          spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'l', port: 80, protocol: 'HTTP' }] },
        },
      ],
      services: [{ metadata: meta('svc'), spec: { ports: [{ name: 'p', port: 80 }] } }],
      endpointSlices: [slice('10.0.0.1')],
      grpcRoutes: [route('a')],
      httpRoutes: [route('b')],
    };
    expect(clustersOf(both)).to.deep.equal(['app/svc/80/h2c 10.0.0.1', 'app/svc/80/http1 10.0.0.1']);
    const one = { ...both, httpRoutes: [] };
    expect(clustersOf(one)).to.deep.equal(['app/svc/80/h2c 10.0.0.1']);
    expect(clustersOf({ ...one, endpointSlices: [slice('10.0.0.2')] })).to.deep.equal([
      'app/svc/80/h2c 10.0.0.2',
    ]);
  });
});
