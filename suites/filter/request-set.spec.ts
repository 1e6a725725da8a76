import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/request-set',
    title: 'A set header replaces what the caller sent, whatever the case of its name, or is created',
    support: 'core',
    clauses: [
      'filter-core-supported',
      'filter-request-header-set',
      'filter-request-header-set-case-insensitive',
      'filter-profile-kgateway-request-header',
    ],
    backends: ['v1'],
    guards: ['lexfrei/cloudflare-tunnel-gateway-controller#416', 'kubernetes-sigs/cloud-provider-kind#440'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sets-headers');

    const sent = [{}, { 'x-a': 'old', 'x-capital': 'old' }, { 'x-a': ['old', 'older'], 'x-b': 'kept' }];
    for (const metadata of sent) {
      const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
      await t.check(
        `the backend sees only the values set (sent: ${JSON.stringify(metadata)})`,
        () => {
          expect(valuesOf(received, 'x-a')).to.deep.equal(['new']);
          expect(valuesOf(received, 'x-capital')).to.deep.equal(['New Value']);
          expect(valuesOf(received, 'x-percent')).to.deep.equal(['%REQ(:path)%']);
          expect(valuesOf(received, 'x-b')).to.deep.equal('x-b' in metadata ? ['kept'] : []);
        },
        'routed',
      );
    }
  },
);
