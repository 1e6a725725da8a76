import { expect } from 'chai';
import { BackendTlsPolicies } from '../backends/backend-tls.ts';
import { comparePrecedence } from './compiled.ts';
import { compileRoute } from './compile-route.ts';
import type { GrpcRouteMatch } from '../model/gateway-api.ts';
import { References } from '../backends/references.ts';

const references = new References(new Map(), new Map(), new BackendTlsPolicies([]), {
  services: [],
  grants: [],
  policies: [],
});

interface Named {
  namespace?: string;
  name?: string;
  creationTimestamp?: string;
}

function ranked(match: GrpcRouteMatch, { namespace = 'app', name = 'r', creationTimestamp }: Named = {}) {
  const metadata = { namespace, name, ...(creationTimestamp === undefined ? {} : { creationTimestamp }) };
  const object = { metadata, spec: { rules: [{ matches: [match] }] } };
  const [route] = compileRoute({ kind: 'GRPCRoute', object }, references).routes;
  if (route === undefined) throw new Error('the match was not accepted');
  return route;
}

function expectFirst(first: ReturnType<typeof ranked>, second: ReturnType<typeof ranked>): void {
  expect(comparePrecedence(first, second)).to.be.lessThan(0);
  expect(comparePrecedence(second, first)).to.be.greaterThan(0);
}

const header = (name: string) => ({ name, value: '1' });

describe('comparePrecedence of GRPCRoute matches', () => {
  const pairs: [string, GrpcRouteMatch, GrpcRouteMatch][] = [
    [
      'longer service',
      { method: { service: 'pkg.AB' } },
      { method: { service: 'pkg.A', method: 'LongMethod' } },
    ],
    [
      'service before a long method',
      { method: { service: 'p' } },
      { method: { method: 'AVeryLongMethodName' } },
    ],
    [
      'longer method',
      { method: { service: 'p.A', method: 'EchoTwo' } },
      { method: { service: 'p.A', method: 'Echo' } },
    ],
    [
      'method before headers',
      { method: { service: 'p.A', method: 'M' } },
      { method: { service: 'p.A' }, headers: [header('a'), header('b'), header('c')] },
    ],
    ['more headers', { headers: [header('a'), header('b')] }, { headers: [header('a')] }],
    ['a header over nothing', { headers: [header('a')] }, {}],
    [
      'exact over a longer pattern',
      { method: { service: 'p.A' } },
      { method: { type: 'RegularExpression', service: 'p[.](A|B|C)' } },
    ],
    [
      'a pattern over none',
      { method: { type: 'RegularExpression', service: '.*' } },
      { headers: [header('a')] },
    ],
  ];
  for (const [what, first, second] of pairs) {
    it(`puts the ${what} first, however young`, () => {
      const young = { creationTimestamp: '2026-02-01T00:00:00Z', name: 'z' };
      const old = { creationTimestamp: '2026-01-01T00:00:00Z', name: 'a' };
      expectFirst(ranked(first, young), ranked(second, old));
    });
  }

  it('ignored duplicates of a header do not count', () => {
    const two = ranked({ headers: [header('a'), header('A'), header('a')] }, { name: 'b' });
    expectFirst(ranked({ headers: [header('x')] }, { name: 'a' }), two);
  });

  it('then the older route, then namespace/name', () => {
    const at = (second: number, key: Named) =>
      ranked({}, { ...key, creationTimestamp: `2026-01-01T00:00:0${second}Z` });
    expectFirst(at(1, { name: 'z' }), at(2, { name: 'a' }));
    expectFirst(at(1, { namespace: 'a', name: 'zz' }), at(1, { namespace: 'b', name: 'aa' }));
    expectFirst(at(1, { name: 'a' }), at(1, { name: 'b' }));
  });
});
