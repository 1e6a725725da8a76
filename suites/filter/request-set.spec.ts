import { expect, scenario } from '../../harness/index.ts';
import type { Expected } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { valuesOf } from './header-values.ts';

/** One that leaves a call in 20 alone is seen all but once in five million times. */
const everyCall = 300;
const host = 'filter.example.com';
const ref = { kind: 'GRPCRoute', name: 'sets-headers' };
/** As long as the CRD allows. */
const longest = 'v'.repeat(4096);
const newer = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: {
    set: [
      { name: 'x-a', value: 'newer' },
      { name: 'x-long', value: longest },
    ],
  },
};

scenario(
  {
    id: 'filter/request-set',
    title:
      'A set header replaces what the caller sent in any case, or is created, on every host of its route, until the filter changes',
    support: 'core',
    clauses: [
      'filter-core-supported',
      'filter-request-header-set',
      'filter-request-header-set-case-insensitive',
      'filter-request-header-set-of-proxies',
      'filter-profile-kgateway-request-header',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1'],
    guards: [
      'lexfrei/cloudflare-tunnel-gateway-controller#416',
      'kubernetes-sigs/cloud-provider-kind#440',
      'nginx/nginx-gateway-fabric#5008',
      'nginx/nginx-gateway-fabric#3192',
    ],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sets-headers');

    const requests = [
      {},
      { authorization: 'Bearer of-the-caller' },
      { 'x-a': 'old', 'x-capital': 'old' },
      { 'x-a': ['old', 'older'], 'x-b': 'kept' },
    ];
    for (const metadata of requests) {
      const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
      await t.check(
        `the backend sees only the values set (sent: ${JSON.stringify(metadata)})`,
        () => {
          expect(valuesOf(received, 'x-a')).to.deep.equal(['new']);
          expect(valuesOf(received, 'authorization')).to.deep.equal(['Bearer of-the-gateway']);
          expect(valuesOf(received, 'x-capital')).to.deep.equal(['New Value']);
          expect(valuesOf(received, 'x-percent')).to.deep.equal(['%REQ(:path)%']);
          expect(valuesOf(received, 'x-dollar')).to.deep.equal(['$host ${request_uri}']);
          expect(valuesOf(received, 'x-quoted')).to.deep.equal(['"so" they \\said\\']);
          expect(valuesOf(received, 'x-long')).to.deep.equal([`${'long '.repeat(60)}end`]);
          expect(valuesOf(received, 'x-set-bin')).to.deep.equal(['AAEC']);
          expect(valuesOf(received, 'x-b')).to.deep.equal('x-b' in metadata ? ['kept'] : []);
        },
        'routed',
      );
    }

    const seenIs = (expected: string): Expected => ({
      backend: 'v1',
      also: ({ received }) => expect(valuesOf(received, 'x-a')).to.deep.equal([expected]),
    });
    await t.callMust({ host: 'second.example.com' }, seenIs('new'));
    await t.callMustAlways({ host, metadata: { 'x-a': 'old' } }, seenIs('new'), everyCall);

    const sent = { host, metadata: { 'x-a': 'old' } };
    const become = (filters: { type: string }[]) =>
      t.update<Route>(ref, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.filters = filters;
      });
    await become([newer]);
    const edited = await t.callMust(sent, seenIs('newer'));
    await t.check(
      'the longest value arrives in full',
      () => expect(valuesOf(edited.received, 'x-long')).to.deep.equal([longest]),
      'routed',
    );
    await become([]);
    await t.callMust(sent, seenIs('old'));

    await t.implied(['filter-request-header-set-of-proxies'], async () => {
      for (const tls of [{}, { tls: true }] as const) {
        const { received } = await t.callMust({ host: 'of-proxies.example.com', ...tls }, { backend: 'v1' });
        await t.check(
          `what the filter sets replaces what the gateway writes itself (${'tls' in tls ? 'over TLS' : 'in the clear'})`,
          () => {
            expect(valuesOf(received, 'x-forwarded-proto')).to.deep.equal(['https']);
            expect(valuesOf(received, 'x-forwarded-host')).to.deep.equal(['front.example.net']);
            expect(valuesOf(received, 'x-real-ip')).to.deep.equal(['192.0.2.7']);
          },
          'routed',
        );
      }
    });
  },
);
