import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';

const edge = { kind: 'Gateway', name: 'edge' };

function overlapOf(gateway: Gateway, listener: string): ConditionStatus | undefined {
  return conditionOf(listenerOf(gateway, listener)?.conditions, 'OverlappingTLSConfig');
}

scenario(
  {
    id: 'tls/overlap',
    title: 'Listeners that share names in their certificates only say so rightly or not at all',
    support: 'core',
    clauses: [
      'tls-overlap-certificates',
      'tls-overlap-hostnames-detected',
      'tls-overlap-not-on-others',
      'tls-overlap-cleared',
      'gateway-listener-observedgeneration-current',
    ],
    backends: ['v1', 'v2'],
    guards: ['nginx/nginx-gateway-fabric#4843'],
  },
  async (t) => {
    const [shopCa, payCa] = await Promise.all([
      t.tlsSecret({ name: 'shop-cert' }, ['*.example.com']),
      t.tlsSecret({ name: 'pay-cert' }, ['pay.example.com']),
      t.tlsSecret({ name: 'help-cert' }, ['help.example.org']),
      t.tlsSecret({ name: 'apex-cert' }, ['example.com']),
    ]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const route of ['shop', 'pay']) await t.routeMustBeAccepted(route);
    await t.callMust({ host: 'shop.example.com', tls: { ca: shopCa } }, { backend: 'v1' });
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v2' });

    for (const name of ['wide', 'exact']) {
      await t.listenerMustHaveCondition('edge', name, { type: 'OverlappingTLSConfig', status: 'True' });
    }
    const gateway = await t.get<Gateway>(edge);
    const looksAtCertificates = overlapOf(gateway, 'shop') !== undefined;
    t.note(`overlap of certificates alone is ${looksAtCertificates ? '' : 'not '}reported`);
    await t.check(
      'an overlap of certificates is told with the reason OverlappingCertificates and on both listeners, or not at all',
      () => {
        for (const name of ['shop', 'pay']) {
          const overlap = overlapOf(gateway, name);
          if (looksAtCertificates)
            expect(overlap, name).to.include({ status: 'True', reason: 'OverlappingCertificates' });
          else expect(overlap, name).to.equal(undefined);
        }
      },
      'status',
    );
    await t.check(
      'a listener with neither a hostname nor a certificate like those of others says nothing',
      () => {
        for (const name of ['help', 'apex']) expect(overlapOf(gateway, name), name).to.equal(undefined);
      },
      'status',
    );
    await t.check(
      'of hostnames and certificates that both overlap, the certificates are the reason where they are looked at',
      () => {
        const reason = looksAtCertificates ? 'OverlappingCertificates' : 'OverlappingHostnames';
        for (const name of ['wide', 'exact']) {
          expect(overlapOf(gateway, name)?.reason, name).to.equal(reason);
        }
      },
      'status',
    );

    const ownCa = await t.tlsSecret({ name: 'shop-cert' }, ['shop.example.com']);
    await t.callMust({ host: 'shop.example.com', tls: { ca: ownCa } }, { backend: 'v1' });
    await t.until<Gateway>(
      edge,
      'certificates without a name in common are no overlap; that of the hostnames stays',
      (now) =>
        ['shop', 'pay', 'help'].every((name) => overlapOf(now, name) === undefined) &&
        ['wide', 'exact'].every((name) => overlapOf(now, name)?.reason === 'OverlappingHostnames'),
    );
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v2' });

    await t.update<Gateway>(edge, ({ spec }) => {
      spec.infrastructure = { labels: { edited: 'yes' } };
    });
    for (const name of ['wide', 'exact'])
      await t.listenerMustHaveCondition('edge', name, { type: 'OverlappingTLSConfig', status: 'True' });

    await t.update<Gateway>(edge, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'wide');
    });
    await t.until<Gateway>(
      edge,
      'the overlap of hostnames is gone with the other listener',
      (now) =>
        listenerOf(now, 'wide') === undefined &&
        listenerOf(now, 'exact') !== undefined &&
        overlapOf(now, 'exact') === undefined,
    );
  },
);
