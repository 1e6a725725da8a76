import { expect } from 'chai';
import { asHttpRoute } from './as-http-route.ts';

const spec = (rules: object[]) =>
  asHttpRoute(
    {
      kind: 'GRPCRoute',
      metadata: { name: 'shop', namespace: 'here' },
      spec: { parentRefs: [{ name: 'shared' }], hostnames: ['a.test', 'b.test'], rules: rules as never },
    },
    (host) => `other-${host}`,
    [{ name: 'more' }],
  );

const pathOf = (method: object): unknown =>
  (spec([{ matches: [{ method }] }]).spec.rules[0]?.['matches'] as { path: unknown }[])[0]?.path;

describe('a GRPCRoute as an HTTPRoute', () => {
  it('keeps parents, filters and backends, on other hostnames', () => {
    const filters = [{ type: 'RequestHeaderModifier' }];
    const route = spec([{ filters, backendRefs: [{ name: 'v1', port: 9000 }] }]);
    expect(route).to.deep.include({
      kind: 'HTTPRoute',
      metadata: { name: 'shop-as-http', namespace: 'here' },
    });
    expect(route.spec).to.deep.equal({
      parentRefs: [{ name: 'shared' }],
      hostnames: ['other-a.test', 'other-b.test'],
      rules: [
        {
          filters,
          backendRefs: [{ name: 'v1', port: 9000 }],
          matches: [{ path: { type: 'PathPrefix', value: '/' }, method: 'POST' }],
        },
        { name: 'more' },
      ],
    });
  });

  it('takes a call for a POST to its path', () => {
    expect(pathOf({ service: 'a.B', method: 'C' })).to.deep.equal({ type: 'Exact', value: '/a.B/C' });
    expect(pathOf({ service: 'a.B' })).to.deep.equal({ type: 'PathPrefix', value: '/a.B' });
    expect(pathOf({ service: '', method: '' })).to.deep.equal({ type: 'PathPrefix', value: '/' });
    expect(pathOf({ method: 'C' })).to.deep.equal({ type: 'RegularExpression', value: '/[^/]+/C' });
    expect(pathOf({ type: 'RegularExpression', service: 'a|b', method: 'C.*' })).to.deep.equal({
      type: 'RegularExpression',
      value: '/(?:a|b)/(?:C.*)',
    });
  });

  it('keeps header matches as they are, beside the method', () => {
    const headers = [{ name: 'x-version', value: 'v2' }];
    const [rule] = spec([{ matches: [{ headers }] }]).spec.rules;
    expect(rule?.['matches']).to.deep.equal([
      { path: { type: 'PathPrefix', value: '/' }, method: 'POST', headers },
    ]);
  });
});
