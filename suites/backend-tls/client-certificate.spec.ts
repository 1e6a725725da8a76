import { expect, scenario } from '../../harness/index.ts';
import { clientCertificate, show } from './client-certificate.ts';
import {
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  inPlaintext,
  plainPort,
  policy,
  resolved,
  shared,
  showing,
  tlsOf,
} from './policies.ts';

const gateway = 'own';
const backends = { first: 'v1', second: 'v2' };

scenario(
  {
    id: 'backend-tls/client-certificate',
    title: 'The client certificate of a Gateway is shown to every TLS backend, and follows its reference',
    support: 'extended',
    features: ['BackendTLSPolicy', 'GatewayBackendClientCertificate'],
    clauses: ['tls-backend-client-cert-presented', 'refgrant-same-namespace-not-needed'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const alice = await clientCertificate(t, 'alice');
    const bob = await clientCertificate(t, 'bob');
    await t.apply();
    await applyCa(t);
    for (const [name, backend] of Object.entries(backends)) {
      await applyService(t, name, backend);
      await t.applyObjects(policy(name));
      await applyRoute(t, name, { parents: [{ name: gateway }, shared] });
    }
    await applyService(t, 'plain', 'v1', { grpc: plainPort });
    await applyRoute(t, 'plain', { parents: [{ name: gateway }] });
    const allAreShown = async (sha256: string): Promise<void> => {
      for (const [name, backend] of Object.entries(backends)) {
        await t.callMust({ gateway, host: hostOf(name) }, showing(sha256, backend));
      }
    };

    await t.gatewayMustBeProgrammed(gateway);
    await t.gatewayMustHaveCondition(gateway, resolved);
    await allAreShown(alice);
    for (const [name, backend] of Object.entries(backends)) {
      await t.callMustAlways({ gateway, host: hostOf(name) }, showing(alice, backend));
    }
    await t.callMust({ gateway, host: hostOf('plain') }, inPlaintext());
    // The other Gateway of the route has no certificate for backends.
    for (const [name, backend] of Object.entries(backends)) {
      const ofOther = { gateway: 'routeproof-base/shared', host: hostOf(name) };
      await t.callMust(ofOther, showing('', backend));
      await t.callMustAlways(ofOther, showing('', backend), 3);
    }

    await show(t, gateway, { name: 'bob' });
    await allAreShown(bob);
    await show(t, gateway, undefined);
    await allAreShown('');
    await show(t, gateway, { name: 'alice' });
    await allAreShown(alice);

    const renewed = await clientCertificate(t, 'alice');
    // Connections that are there may stay; to a Service that comes later there are none. What it is shown may still be on its way.
    let shown = '';
    for (let later = 1; shown !== renewed && later <= 5; later += 1) {
      const name = `later-${String(later)}`;
      await applyService(t, name);
      await t.applyObjects(policy(name));
      await applyRoute(t, name, { parents: [{ name: gateway }] });
      const result = await t.callMust({ gateway, host: hostOf(name) }, { backend: 'v1' });
      shown = tlsOf(result).clientCertificateSha256 ?? '';
    }
    await t.check(
      'a certificate that was renewed in its Secret is shown to a Service that comes later',
      () => expect(shown).to.equal(renewed),
      'backend',
    );
  },
);
