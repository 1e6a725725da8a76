import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { clientWithCa, caConfigMap, mustBeTurnedAway } from './client-certificate.ts';

const host = 'shop.example.com';

const problems: Record<string, string> = {
  missing: 'InvalidCACertificateRef',
  empty: 'InvalidCACertificateRef',
  'wrong-kind': 'InvalidCACertificateKind',
  foreign: 'RefNotPermitted',
};

scenario(
  {
    id: 'tls/client-ca-problems',
    title:
      'A listener without any CA for its clients says why and admits nobody; the others are not concerned',
    support: 'extended',
    features: ['GatewayFrontendClientCertificateValidation', 'ReferenceGrant'],
    clauses: [
      'tls-frontend-ca-unresolved',
      'tls-frontend-ca-kind',
      'tls-frontend-some-ca-invalid',
      'tls-frontend-ca-cross-namespace',
      'tls-frontend-all-ca-invalid',
      'tls-frontend-all-ca-invalid-fails-closed',
      'tls-frontend-targeting',
      'tls-cross-namespace-grant-all',
    ],
    backends: ['v1'],
    manifests: ['client-ca-problems.yaml', 'client-ca-problems.grant.yaml'],
  },
  async (t) => {
    const listenerMust = (listener: string, type: string, status: 'True' | 'False', reason?: string) =>
      t.listenerMustHaveCondition('edge', listener, {
        type,
        status,
        ...(reason !== undefined && { reason }),
      });
    await t.tlsSecret({ name: 'edge-cert' }, [host]);
    const alice = await clientWithCa(t, 'alice');
    const mallory = await clientWithCa(t, 'mallory', 'vault');
    const lentCa = await t.tlsSecret({ name: 'lent-cert', namespace: 'vault' }, [host]);
    await caConfigMap(t, { name: 'malformed-ca' }, 'this is no certificate');
    await t.applyObjects({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'no-ca' },
      data: { other: 'text' },
    } as KubernetesObject);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const [listener, reason] of Object.entries(problems)) {
      await listenerMust(listener, 'ResolvedRefs', 'False', reason);
      await listenerMust(listener, 'Accepted', 'False', 'NoValidCACertificate');
      await listenerMust(listener, 'Programmed', 'False');
    }
    await t.implied(['tls-frontend-some-ca-invalid'], () => listenerMust('partly', 'ResolvedRefs', 'False'));
    for (const type of ['Accepted', 'Programmed', 'ResolvedRefs']) await listenerMust('good', type, 'True');
    await t.callMust({ host, tls: alice }, { backend: 'v1' });
    await listenerMust('lent', 'Programmed', 'True');
    await t.callMust({ host, port: 7448, tls: { ...alice, ca: lentCa } }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, port: 7448, tls: true });
    for (const port of [7443, 7444, 7445, 7446, 7447]) {
      await mustBeTurnedAway(t, { host, port, tls: true });
      await mustBeTurnedAway(t, { host, port, tls: mallory });
    }

    await t.apply('client-ca-problems.grant.yaml');
    await caConfigMap(t, { name: 'no-such-ca' }, alice.clientCert);
    for (const listener of ['missing', 'foreign']) {
      await listenerMust(listener, 'ResolvedRefs', 'True');
      await listenerMust(listener, 'Programmed', 'True');
    }
    await t.callMust({ host, port: 7443, tls: alice }, { backend: 'v1' });
    await t.callMust({ host, port: 7446, tls: mallory }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, port: 7443, tls: true });

    await t.remove({ kind: 'ReferenceGrant', name: 'cas', namespace: 'vault' });
    await listenerMust('foreign', 'ResolvedRefs', 'False', 'RefNotPermitted');
    await listenerMust('foreign', 'Programmed', 'False');
    const revoked = { host, port: 7446, tls: mallory, connection: 'revoked', fresh: true } as const;
    await t.callMust(revoked, { status: null, backend: null });

    await t.remove({ kind: 'ConfigMap', apiVersion: 'v1', name: 'no-such-ca' });
    await listenerMust('missing', 'ResolvedRefs', 'False', 'InvalidCACertificateRef');
    await listenerMust('missing', 'Programmed', 'False');
    const deleted = { host, port: 7443, tls: alice, connection: 'deleted', fresh: true } as const;
    await t.callMust(deleted, { status: null, backend: null });
    await t.callMustAlways({ host, tls: alice }, { backend: 'v1' }, 3);
  },
);
