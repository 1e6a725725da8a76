import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/request-add',
    title: 'An added header comes after the values the caller sent, or is created',
    support: 'core',
    clauses: ['filter-core-supported', 'filter-request-header-add', 'filter-header-multi-value-comma'],
    backends: ['v1'],
    guards: ['lexfrei/cloudflare-tunnel-gateway-controller#416'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('adds-headers');

    const bare = await t.callMust({ host }, { backend: 'v1' });
    await t.check(
      'headers the caller did not send are created',
      () => {
        expect(valuesOf(bare.received, 'x-a')).to.deep.equal(['two']);
        expect(valuesOf(bare.received, 'x-list')).to.deep.equal(['one', 'two']);
      },
      'routed',
    );

    const metadata = { 'x-a': 'one', 'x-list': 'zero', 'x-capital': 'plain' };
    const sent = await t.callMust({ host, metadata }, { backend: 'v1' });
    await t.check(
      'values the caller sent are kept, in front',
      () => {
        expect(valuesOf(sent.received, 'x-a')).to.deep.equal(['one', 'two']);
        expect(valuesOf(sent.received, 'x-list')).to.deep.equal(['zero', 'one', 'two']);
        expect(valuesOf(sent.received, 'x-capital')).to.deep.equal(['plain', 'plus']);
      },
      'routed',
    );
  },
);
