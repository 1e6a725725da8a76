import { scenario } from '../../harness/index.ts';
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
  showing,
} from './policies.ts';

const gateway = 'own';
const backends = { first: 'v1', second: 'v2' };

scenario(
  {
    id: 'backend-tls/client-certificate',
    title: 'The client certificate of a Gateway is shown to every TLS backend, and follows its reference',
    support: 'extended',
    features: ['BackendTLSPolicy', 'GatewayBackendClientCertificate'],
    clauses: ['tls-backend-client-cert-presented'],
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
      await applyRoute(t, name, { parents: [{ name: gateway }] });
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

    await show(t, gateway, { name: 'bob' });
    await allAreShown(bob);
    await show(t, gateway, undefined);
    await allAreShown('');
    await show(t, gateway, { name: 'alice' });
    await allAreShown(alice);

    // Connections that are there may stay; to a Service that comes later there are none.
    const renewed = await clientCertificate(t, 'alice');
    await t.barrier({ gateway });
    await applyService(t, 'third');
    await t.applyObjects(policy('third'));
    await applyRoute(t, 'third', { parents: [{ name: gateway }] });
    await t.callMust({ gateway, host: hostOf('third') }, showing(renewed));
  },
);
