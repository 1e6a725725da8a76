import { scenario } from '../../harness/index.ts';
import { caConfigMap, clientWithCa, mustBeTurnedAway } from './client-certificate.ts';

const host = 'shop.example.com';

scenario(
  {
    id: 'tls/client-certificates-in-the-clear',
    title: 'HTTP listeners serve everybody, whatever the Gateway asks of clients and whether its CA is there',
    support: 'extended',
    features: ['GatewayFrontendClientCertificateValidation'],
    clauses: ['tls-frontend-http-unaffected', 'tls-frontend-targeting', 'tls-frontend-all-ca-invalid'],
    backends: ['v1'],
  },
  async (t) => {
    const listenerMust = (listener: string, status: 'True' | 'False', ...types: string[]) =>
      Promise.all(types.map((type) => t.listenerMustHaveCondition('edge', listener, { type, status })));
    await t.tlsSecret({ name: 'edge-cert' }, [host]);
    const alice = await clientWithCa(t, 'alice');
    await t.apply();
    await listenerMust('https', 'False', 'ResolvedRefs', 'Accepted', 'Programmed');
    await listenerMust('http', 'True', 'ResolvedRefs', 'Accepted', 'Programmed');
    await listenerMust('by-port', 'True', 'ResolvedRefs', 'Accepted', 'Programmed');
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMust({ host, port: 8443, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, tls: alice });
    await mustBeTurnedAway(t, { host, port: 8443, tls: true });

    await caConfigMap(t, { name: 'later-ca' }, alice.clientCert);
    await listenerMust('https', 'True', 'ResolvedRefs', 'Accepted', 'Programmed');
    await listenerMust('http', 'True', 'ResolvedRefs', 'Accepted', 'Programmed');
    await t.callMust({ host, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, tls: true });
    await t.callMust({ host }, { backend: 'v1' });
  },
);
