import { expect } from 'chai';
import type { GrpcRouteMatch, GrpcRouteRule } from '../model/gateway-api.ts';
import { first, meta } from '../random-objects.fixture.ts';
import { Translator } from '../translator.ts';
import type { Objects } from '../model/types.ts';

const exact = (service: string, ...names: string[]): GrpcRouteMatch => ({
  method: { service },
  ...(names.length > 0 && { headers: names.map((name) => ({ name, value: 'a' })) }),
});

const rule = (...matches: GrpcRouteMatch[]): GrpcRouteRule => ({
  matches,
  sessionPersistence: { type: 'Header' },
  backendRefs: [{ name: 'svc', port: 80 }],
});

/** The scope of the sessions of each service that the rules match. */
function scopesOf(...rules: GrpcRouteRule[]): Record<string, string> {
  const objects: Objects = {
    ...first,
    gateways: [
      {
        metadata: meta('gw'),
        spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'l', port: 80, protocol: 'HTTP' }] },
      },
    ],
    services: [{ metadata: meta('svc'), spec: { ports: [{ name: 'p', port: 80 }] } }],
    grpcRoutes: [{ metadata: meta('kept'), spec: { parentRefs: [{ name: 'gw' }], rules } }],
  };
  const input = { objects, proxies: new Map(), controllerName: 'routeproof.dev/gateway-controller', now: '' };
  const [port] = new Translator().translate(input).gateways.get('app/gw')?.ports ?? [];
  const routes = port?.tables.flatMap(({ hosts }) => hosts.flatMap((host) => host.routes)) ?? [];
  return Object.fromEntries(routes.map(({ match, session }) => [match.path.value, session?.scope ?? '']));
}

describe('sessions of rules without names', () => {
  const [one, two] = [rule(exact('a.One'), exact('a.Other', 'x', 'y')), rule(exact('a.Two'))];
  const before = scopesOf(one, two);

  it('belong to one rule', () => {
    expect(before['/a.One/']).to.match(/^[0-9a-f]{12}$/);
    expect(before['/a.One/']).to.equal(before['/a.Other/']);
    expect(before['/a.One/']).not.to.equal(before['/a.Two/']);
  });

  it('stay with their rule when it changes places, and when another one is put in front', () => {
    expect(scopesOf(two, one)).to.deep.equal(before);
    expect(scopesOf(rule(exact('a.New')), one, two)).to.deep.include(before);
  });

  it('mind neither the order of matches nor that of headers, nor the backends', () => {
    expect(scopesOf(rule(exact('a.Other', 'y', 'x'), exact('a.One')), two)).to.deep.equal(before);
    const backendRefs = [{ name: 'svc', port: 80, weight: 2 }];
    expect(scopesOf({ ...one, backendRefs }, two)).to.deep.equal(before);
  });

  it('end with an edit of the matches', () => {
    const more = scopesOf(rule(exact('a.One'), exact('a.Other', 'x', 'y'), exact('a.More')), two);
    expect(more['/a.One/']).not.to.equal(before['/a.One/']);
    expect(more['/a.Two/']).to.equal(before['/a.Two/']);
  });

  it('stay with a name where there is one', () => {
    const named = scopesOf({ ...two, name: 'two' });
    expect(scopesOf({ ...rule(exact('a.Three')), name: 'two' })['/a.Three/']).to.equal(named['/a.Two/']);
  });
});
