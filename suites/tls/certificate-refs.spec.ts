import { expect, scenario } from '../../harness/index.ts';
import type { Call, Scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway, Route, Secret } from '../shapes.ts';
import { backdate, timesMustHaveMoved } from '../transition-times.ts';

const edge = { kind: 'Gateway', name: 'edge' };
const invalid = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef' } as const;

/** Neither listener without TLS settings: the one beside others on their port, and the one that has a port of its own. */
async function withoutTlsServesNothing(t: Scenario): Promise<void> {
  // A load balancer may swallow what is sent to a port that nobody serves.
  const alone = { host: 'without-tls-alone.example.com', port: 8443, deadlineMs: 5000 };
  const calls: [what: string, call: Call][] = [
    ['beside others serves nothing', { host: 'without-tls.example.com', tls: true, deadlineMs: 5000 }],
    ['alone on its port serves nothing over TLS', { ...alone, tls: true }],
    ['alone on its port serves nothing in the clear', alone],
  ];
  for (const [what, call] of calls) {
    const { backend } = await t.call(call);
    await t.check(
      `the listener without TLS settings ${what}`,
      () => expect(backend).to.equal(undefined),
      'routed',
    );
  }
}

scenario(
  {
    id: 'tls/certificate-refs',
    title:
      'Missing, malformed and foreign certificate references break their own listener only, heal, and may break again; an expired one harms no other',
    support: 'core',
    clauses: [
      'tls-secret-nonexistent',
      'tls-secret-malformed',
      'tls-secret-unsupported-kind',
      'tls-secret-unsupported-group',
      'tls-secret-recovers',
      'tls-config-missing',
      'listener-programmed-false-invalid',
      'listener-unprogrammed-presents-nothing',
      'listener-invalid-serves-nothing',
      'gateway-listener-added',
      'listener-resolvedrefs-true',
      'listener-attachedroutes-unhealthy-listener',
      'tls-profile-kgateway-secret-status',
      'gateway-resolvedrefs-listeners-summary',
      'status-lasttransitiontime-on-flip',
      'grpcroute-update-takes-effect',
    ],
    guards: ['envoyproxy/gateway#9225', 'istio/istio#60562'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const goodCa = await t.tlsSecret({ name: 'good-cert' }, ['good.example.com']);
    await t.tlsSecret({ name: 'expired-cert' }, ['expired.example.com'], 'expired');
    await t.apply();
    for (const listener of ['missing', 'missing-too', 'malformed', 'wrong-kind', 'wrong-group']) {
      await t.listenerMustHaveCondition('edge', listener, invalid);
      await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'False' });
      await t.listenerMustHaveAttachedRoutes('edge', listener, listener === 'missing-too' ? 2 : 1);
    }
    await t.routeMustBeAccepted('waiting');
    for (const listener of ['without-tls', 'without-tls-alone'])
      await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'False' });
    await t.listenerMustHaveCondition('edge', 'kinds-too', { type: 'ResolvedRefs', status: 'False' });
    await t.listenerMustHaveCondition('edge', 'good', {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
    });
    await t.listenerMustHaveCondition('edge', 'good', {
      type: 'ResolvedRefs',
      status: 'True',
      reason: 'ResolvedRefs',
    });
    await t.callMust({ host: 'good.example.com', tls: { ca: goodCa } }, { backend: 'v1' });
    await t.barrier({ listener: 'good' });
    for (const host of ['missing.example.com', 'malformed.example.com']) {
      const result = await t.call({ host, tls: true });
      await t.check(`${host} is not served`, () => expect(result.backend).to.equal(undefined), 'tls');
    }
    await t.implied(['listener-invalid-serves-nothing'], () => withoutTlsServesNothing(t));

    await t.check(
      'where the Gateway sums up references, it says that listeners have unresolved ones, and stays accepted',
      async () => {
        const conditions = (await t.get<Gateway>(edge)).status?.conditions;
        const summary = conditionOf(conditions, 'ResolvedRefs');
        if (summary !== undefined)
          expect(summary).to.include({ status: 'False', reason: 'ListenersNotResolved' });
        expect(conditionOf(conditions, 'Accepted')?.status).to.equal('True');
      },
      'status',
    );

    // What others wait for holds up no edit of a route.
    for (const name of ['v2', 'v1']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'rpc' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
      await t.callMust({ host: 'good.example.com', tls: { ca: goodCa } }, { backend: name });
    }

    const {
      data: { 'tls.key': foreignKey = '' },
    } = await t.get<Secret>({
      kind: 'Secret',
      apiVersion: 'v1',
      name: 'good-cert',
    });
    const lateNames = ['missing.example.com', 'missing-too.example.com'];
    const lateCa = await t.tlsSecret({ name: 'late-cert' }, lateNames);
    const mendedCa = await t.tlsSecret({ name: 'malformed-cert' }, ['malformed.example.com']);
    await t.implied(['tls-secret-recovers'], async () => {
      for (const [listener, ca] of [
        ['missing', lateCa],
        ['missing-too', lateCa],
        ['malformed', mendedCa],
      ] as const) {
        await t.listenerMustHaveCondition('edge', listener, {
          type: 'ResolvedRefs',
          status: 'True',
          reason: 'ResolvedRefs',
        });
        await t.listenerMustHaveCondition('edge', listener, {
          type: 'Programmed',
          status: 'True',
          reason: 'Programmed',
        });
        await t.callMust({ host: `${listener}.example.com`, tls: { ca } }, { backend: 'v1' });
      }
    });
    await t.listenerMustHaveCondition('edge', 'wrong-kind', invalid);
    await t.callMustAlways({ host: 'good.example.com', tls: { ca: goodCa } }, { backend: 'v1' }, 3);

    const ages = await backdate(t, edge);
    await t.remove({ kind: 'Secret', apiVersion: 'v1', name: 'late-cert' });
    await t.update<Secret>({ kind: 'Secret', apiVersion: 'v1', name: 'malformed-cert' }, ({ data }) => {
      data['tls.key'] = foreignKey;
    });
    for (const [listener, ca] of [
      ['missing', lateCa],
      ['missing-too', lateCa],
      ['malformed', mendedCa],
    ] as const) {
      await t.listenerMustHaveCondition('edge', listener, invalid);
      await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'False' });
      // Whatever is shown there now, it is not the certificate that is gone.
      const gone = { connection: `${listener} is gone`, fresh: true } as const;
      await t.implied(['listener-unprogrammed-presents-nothing'], async () => {
        await t.callMust(
          { host: `${listener}.example.com`, tls: { ca }, ...gone },
          { status: null, backend: null },
        );
      });
    }
    await t.callMustAlways({ host: 'good.example.com', tls: { ca: goodCa } }, { backend: 'v1' }, 3);

    const broken = await t.get<Gateway>(edge);
    // Of what had recovered.
    const flipped = ['ResolvedRefs', 'Programmed']
      .map((type) => `missing ${type}`)
      .filter((id) => ages.get(id)?.status === 'True');
    await t.check(
      'the times of the conditions that flipped have moved',
      () => timesMustHaveMoved(t, broken, ages, flipped),
      'status',
    );

    const addedCa = await t.tlsSecret({ name: 'added-cert' }, ['added.example.com']);
    // Who has mended one of two problems has the other.
    await t.update<Gateway>(edge, ({ spec }) => {
      for (const { name, allowedRoutes } of spec.listeners)
        if (name === 'kinds-too' && allowedRoutes !== undefined) delete allowedRoutes.kinds;
      spec.listeners.push({
        name: 'added',
        protocol: 'HTTPS',
        port: 443,
        hostname: t.host('added.example.com'),
        tls: { certificateRefs: [{ name: 'added-cert' }] },
      });
    });
    await t.listenerMustHaveCondition('edge', 'kinds-too', invalid);
    await t.callMust({ host: 'added.example.com', tls: { ca: addedCa } }, { backend: 'v1' });

    const againCa = await t.tlsSecret({ name: 'late-cert' }, lateNames);
    const kindsCa = await t.tlsSecret({ name: 'kinds-cert' }, ['kinds-too.example.com']);
    await t.implied(['tls-secret-recovers'], async () => {
      for (const listener of ['missing', 'missing-too']) {
        await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'True' });
        await t.callMust({ host: `${listener}.example.com`, tls: { ca: againCa } }, { backend: 'v1' });
      }
      await t.listenerMustHaveCondition('edge', 'kinds-too', { type: 'ResolvedRefs', status: 'True' });
      await t.callMust({ host: 'kinds-too.example.com', tls: { ca: kindsCa } }, { backend: 'v1' });
    });
    // Nor later, whatever has become of the others.
    await t.implied(['listener-invalid-serves-nothing'], () => withoutTlsServesNothing(t));
  },
);
