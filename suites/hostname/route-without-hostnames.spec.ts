import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/route-without-hostnames',
    title: 'A route without hostnames serves all hosts of its listener, and only those',
    support: 'core',
    clauses: [
      'hostname-route-unset-inherits-listener',
      'hostname-both-unset-any-authority',
      'hostname-wildcard-multi-label',
      'hostname-wildcard-excludes-apex',
    ],
    backends: ['v1', 'v2'],
    guards: ['istio/istio#58877', 'Kong/kong-operator#4673'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('inherited');
    await t.routeMustBeAccepted('inherits-listener-hostname');
    await t.routeMustBeAccepted('any-authority');

    for (const host of ['a.wild.example.com', 'several.labels.wild.example.com']) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    for (const host of ['wild.example.com', 'a.example.com', 'example.net', '192.0.2.1']) {
      await t.callMustAlways({ host }, refused, 3);
    }
    for (const host of ['a.wild.example.com', 'anything.example.net', 'localhost', '192.0.2.1']) {
      await t.callMust({ host, port: 8080 }, { backend: 'v2' });
    }
  },
);
