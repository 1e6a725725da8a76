import { scenario } from '../../harness/index.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  overTls,
  policy,
  policyMust,
} from '../backend-tls/policies.ts';
import { clientWithCa, mustBeTurnedAway } from '../tls/client-certificate.ts';
import { setMustBeProgrammed } from './shapes.ts';

const host = hostOf('set');

scenario(
  {
    id: 'listener-set/tls-at-both-ends',
    title:
      'What a Gateway asks of its clients holds on listeners of its ListenerSets, and so do policies for backends of their routes',
    support: 'extended',
    features: ['ListenerSet', 'BackendTLSPolicy', 'GatewayFrontendClientCertificateValidation'],
    clauses: [
      'tls-frontend-default-all-https',
      'tls-frontend-no-client-cert-rejected',
      'tls-frontend-http-unaffected',
      'btls-union-with-grpcroute',
      'btls-any-listener-protocol',
      'btls-ancestor-status',
      'listenerset-serves-traffic',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['own.example.com', host]);
    const alice = await clientWithCa(t, 'alice');
    const mallory = await clientWithCa(t, 'mallory');
    await applyCa(t);
    await applyService(t, 'secure');
    await t.applyObjects(policy('secure'));
    await t.apply();
    await applyRoute(t, 'set', {
      service: 'secure',
      parents: [{ kind: 'ListenerSet', group: 'gateway.networking.k8s.io', name: 'team' }],
    });
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'team');
    await policyMust(t, 'secure', accepted, { name: 'edge' });
    await t.callMust({ host, tls: alice }, overTls());
    await mustBeTurnedAway(t, { host, tls: true });
    await mustBeTurnedAway(t, { host, tls: mallory });
    await t.callMust({ host }, overTls());
  },
);
