import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { noListener, refused } from '../expected.ts';
import { echo, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { heavierMustAnswer } from '../weight/shares.ts';
import { sharesHostname } from './shared-hostname.ts';

/** Who has all hosts has those that a route of the other kind names, which is younger, and the later one by name. */
async function namedMustLose(t: Scenario): Promise<void> {
  const named = { kind: 'HTTPRoute', name: 'named' } as const;
  await t.applyObjects({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: named.kind,
    metadata: { name: named.name },
    spec: {
      parentRefs: [{ name: 'inherited', sectionName: 'any' }],
      hostnames: [t.host('named.example.com')],
      rules: [{ backendRefs: [{ name: 'v1', port: 9000 }] }],
    },
  } as Route);
  if (await sharesHostname(t, named)) return;
  await t.routeMustHaveCondition(named.name, { type: 'Accepted', status: 'False' }, { kind: named.kind });
  await t.callMustAlways({ host: 'named.example.com', port: 8080 }, { backend: 'v2' }, 3);
  await t.remove(named);
}

scenario(
  {
    id: 'hostname/route-without-hostnames',
    title:
      'A route without hostnames serves all hosts of its listener, and only those, also when it has lost those that it named',
    support: 'core',
    clauses: [
      'hostname-route-unset-inherits-listener',
      'hostname-both-unset-any-authority',
      'hostname-listener-unset-uses-route',
      'hostname-wildcard-multi-label',
      'hostname-wildcard-excludes-apex',
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
      'precedence-not-listing-order',
      'weight-proportional',
      'hostname-conflict-exactly-one',
      'hostname-conflict-wildcard-overlap',
    ],
    anyHost: true,
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
    await t.routeMustBeAccepted('inherits-two-hostnames');
    for (const host of ['second.example.com', 'third.example.com'])
      await t.callMust({ host }, { backend: 'v2' });
    for (const host of ['wild.example.com', 'a.example.com', 'example.net', '192.0.2.1']) {
      await t.callMustAlways({ host }, refused, 3);
    }
    for (const host of [
      'a.wild.example.com',
      'anything.example.net',
      'localhost',
      '192.0.2.1',
      '[2001:db8::1]',
      '[2001:db8::1]:8080',
    ]) {
      await t.callMust({ host, port: 8080 }, { backend: 'v2' });
    }

    // A name needs no dot. The route goes again, so that in the end its listener has none.
    await t.routeMustBeAccepted('one-label');
    await t.callMust({ host: 'intranet', port: 8080 }, { backend: 'v1' });
    await t.remove({ kind: 'GRPCRoute', name: 'one-label' });
    await t.callMust({ host: 'intranet', port: 8080 }, { backend: 'v2' });

    // Its rules mean what they do elsewhere.
    const anywhere = { host: 'anything.example.net', port: 8080, method: probeTwo };
    await t.callMust({ ...anywhere, metadata: { env: 'canary' } }, { backend: 'v1' });
    const { received } = await t.callMust(anywhere, { backend: 'v2' });
    await t.check(
      'the filter works without a hostname',
      () => expect(received.get('x-edited')).to.deep.equal(['yes']),
      'routed',
    );

    const weighted = { ...anywhere, method: echo };
    await heavierMustAnswer(t, weighted, { heavy: 'v2', light: 'v1' });
    await t.update<Route>({ kind: 'GRPCRoute', name: 'any-authority' }, ({ spec }) => {
      for (const { backendRefs = [] } of spec.rules ?? [])
        for (const backend of backendRefs) if (backend.weight === 1_000_000) backend.name = 'v1';
    });
    await t.callMust(weighted, { backend: 'v1' });

    const name = (hostnames?: string[]) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'any-authority' }, ({ spec }) => {
        delete spec.hostnames;
        if (hostnames) spec.hostnames = hostnames;
      });
    await name([t.host('only.example.com')]);
    await t.callMust({ host: 'anything.example.net', port: 8080 }, refused);
    await t.callMustAlways({ host: 'only.example.com', port: 8080 }, { backend: 'v2' }, 3);
    await name();
    await t.callMust({ host: 'anything.example.net', port: 8080 }, { backend: 'v2' });
    if (t.supportedFeatures.has('HTTPRoute')) await namedMustLose(t);
    await t.remove({ kind: 'GRPCRoute', name: 'any-authority' });
    await t.callMust({ host: 'anything.example.net', port: 8080 }, noListener);
  },
);
