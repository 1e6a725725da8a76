import { expect, scenario, type Call } from '../../harness/index.ts';
import { guideEcho, guideEchoV2 } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { valuesOf } from './header-values.ts';

const times = 10;

/** Hostnames of a route, and a host that its calls have. */
const routes = [
  { name: 'named', hostnames: ['named.example.com'], host: 'named.example.com' },
  { name: 'wildcard', hostnames: ['*.wild.example.com'], host: 'a.b.wild.example.com' },
  { name: 'hostless', hostnames: undefined, host: 'unlisted.example.com' },
];
const places: Omit<Call, 'host'>[] = [{}, { port: 8080 }, { tls: true }];

const filters = [
  {
    type: 'ResponseHeaderModifier',
    suffix: 'answers',
    of: guideEcho,
    filter: { responseHeaderModifier: { set: [{ name: 'x-answered', value: 'yes' }] } },
  },
  {
    type: 'RequestMirror',
    suffix: 'mirrors',
    of: guideEchoV2,
    filter: { requestMirror: { backendRef: { name: 'copy', port: 9000 } } },
  },
] as const;

scenario(
  {
    id: 'filter/every-place',
    title:
      'Answers are edited and calls mirrored on every listener, for a host, under a wildcard and by a route without hostnames',
    support: 'extended',
    clauses: [
      'filter-response-header-set',
      'filter-mirror-copies-calls',
      'parentref-sectionname-omitted-all-listeners',
      'hostname-wildcard-route-suffix',
      'hostname-both-unset-any-authority',
    ],
    anyHost: true,
    backends: ['v1', 'copy'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['named.example.com']);
    await t.apply();
    for (const { type, suffix, of, filter } of filters) {
      const [service, method] = of.split('/');
      const objects = routes.map(({ name, hostnames }): object => ({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GRPCRoute',
        metadata: { name: `${name}-${suffix}` },
        spec: {
          parentRefs: [{ name: 'edge' }],
          ...(hostnames && { hostnames: hostnames.map((each) => t.host(each)) }),
          rules: [
            {
              matches: [{ method: { service, method } }],
              filters: [{ type, ...filter }],
              backendRefs: [{ name: 'v1', port: 9000 }],
            },
          ],
        },
      }));
      await t.applyObjects(...objects);
    }
    await t.gatewayMustBeProgrammed('edge');

    const [answers, mirrors] = filters;
    for (const { name, host } of routes) {
      const calls = places.map((place): Call => ({ host, ...place }));
      if (await acceptedOrDeclined(t, `${name}-${answers.suffix}`, answers.type))
        for (const call of calls) {
          const { headers } = await t.callMust({ ...call, method: answers.of }, { backend: 'v1' });
          await t.check(
            `the answer is edited for the route ${name} ${placeOf(call)}`,
            () => expect(valuesOf(headers, 'x-answered')).to.deep.equal(['yes']),
            'routed',
          );
        }
      if (await acceptedOrDeclined(t, `${name}-${mirrors.suffix}`, mirrors.type))
        for (const [index, call] of calls.entries()) {
          const nonce = `${t.nonce}-${name}-${String(index)}`;
          await t.callMust({ ...call, method: mirrors.of }, { backend: 'v1' });
          const counted = { ...call, method: mirrors.of, metadata: { 'x-routeproof-nonce': nonce } };
          await t.callMustAlways(counted, { backend: 'v1' }, times);
          const copies = await t.seenBy('copy', nonce, { atLeast: times });
          await t.check(
            `each call is copied once for the route ${name} ${placeOf(call)}`,
            () => expect(copies).to.have.length(times),
            'routed',
          );
        }
    }
  },
);

function placeOf({ port = 80, tls }: Omit<Call, 'host'>): string {
  return tls === undefined ? `on port ${String(port)}` : 'over TLS';
}
