import { expect, scenario, type Call } from '../../harness/index.ts';
import { echo, guideEcho, guideEchoV2 } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { valuesOf } from './header-values.ts';

const times = 10;

/** For the routes that edit answers, mirror, and filter for a backend, a host that their calls have. */
const hosts = {
  named: 'named.example.com',
  wildcard: 'a.b.wild.example.com',
  hostless: 'unlisted.example.com',
};
const places: Omit<Call, 'host'>[] = [{}, { port: 8080 }, { tls: true }];

scenario(
  {
    id: 'filter/every-place',
    title:
      'Answers are edited, calls mirrored and filters of backends at work on every listener, for a host, under a wildcard and by a route without hostnames',
    support: 'extended',
    clauses: [
      'filter-response-header-set',
      'filter-mirror-copies-calls',
      'filter-backend-level-only-there',
      'filter-backend-level-unsupported-visible',
    ],
    anyHost: true,
    backends: ['v1', 'copy'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['named.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');

    for (const [name, host] of Object.entries(hosts)) {
      const calls = places.map((place): Call => ({ host, ...place }));
      if (await acceptedOrDeclined(t, `${name}-answers`, 'ResponseHeaderModifier'))
        for (const call of calls) {
          const { headers } = await t.callMust({ ...call, method: guideEcho }, { backend: 'v1' });
          await t.check(
            `the answer is edited for the route ${name} ${placeOf(call)}`,
            () => expect(valuesOf(headers, 'x-answered')).to.deep.equal(['yes']),
            'routed',
          );
        }
      if (await acceptedOrDeclined(t, `${name}-mirrors`, 'RequestMirror'))
        for (const [index, call] of calls.entries()) {
          const nonce = `${t.nonce}-${name}-${String(index)}`;
          await t.callMust({ ...call, method: guideEchoV2 }, { backend: 'v1' });
          const counted = { ...call, method: guideEchoV2, metadata: { 'x-routeproof-nonce': nonce } };
          await t.callMustAlways(counted, { backend: 'v1' }, times);
          const copies = await t.seenBy('copy', nonce, { atLeast: times });
          await t.check(
            `each call is copied once for the route ${name} ${placeOf(call)}`,
            () => expect(copies).to.have.length(times),
            'routed',
          );
        }
      const unsupported = 'filter-backend-level-unsupported-visible';
      if (await acceptedOrDeclined(t, `${name}-backends`, 'a filter on a backendRef', unsupported))
        for (const call of calls) {
          const { received } = await t.callMust({ ...call, method: echo }, { backend: 'v1' });
          await t.check(
            `the filter of the backendRef works for the route ${name} ${placeOf(call)}`,
            () => expect(valuesOf(received, 'x-edited')).to.deep.equal(['yes']),
            'routed',
          );
        }
    }
  },
);

function placeOf({ port = 80, tls }: Omit<Call, 'host'>): string {
  return tls === undefined ? `on port ${String(port)}` : 'over TLS';
}
