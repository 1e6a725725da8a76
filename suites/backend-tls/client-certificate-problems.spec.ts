import { expect, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';
import { clientCertificate, show } from './client-certificate.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  policy,
  resolved,
  showing,
} from './policies.ts';

/** What does not resolve, one after the other in one Gateway. */
const broken = [
  { name: 'malformed' },
  { kind: 'ConfigMap', name: 'ca' },
  { group: 'example.org', kind: 'Nothing', name: 'alice' },
  { name: 'no-such-secret' },
];
const invalid = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidClientCertificateRef' } as const;
const notPermitted = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;
const listenersNotResolved = {
  type: 'ResolvedRefs',
  status: 'False',
  reason: 'ListenersNotResolved',
} as const;

scenario(
  {
    id: 'backend-tls/client-certificate-problems',
    title: 'A Gateway whose client certificate does not resolve says why and stays accepted',
    support: 'extended',
    features: ['BackendTLSPolicy', 'GatewayBackendClientCertificate', 'ReferenceGrant'],
    clauses: [
      'tls-backend-client-cert-invalid',
      'tls-backend-client-cert-no-grant',
      'tls-backend-client-cert-accepted-stays',
      'gateway-resolvedrefs-listeners-summary',
    ],
    backends: ['v1'],
    manifests: ['client-certificate-problems.yaml', 'client-certificate-problems.grant.yaml'],
  },
  async (t) => {
    const mallory = await clientCertificate(t, 'mallory', 'vault');
    const malformed: object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'malformed' }, data: {} };
    await t.applyObjects(malformed);
    await applyCa(t);
    await t.apply('client-certificate-problems.yaml');
    for (const ref of broken) {
      await show(t, 'broken', ref);
      await t.gatewayMustHaveCondition('broken', invalid);
      await t.gatewayMustHaveCondition('broken', accepted);
    }
    await t.gatewayMustHaveCondition('foreign', notPermitted);
    await t.gatewayMustHaveCondition('foreign', accepted);
    await t.check(
      'the message names the Secret that is not there',
      async () => {
        type Told = KubernetesObject & { status?: { conditions?: ConditionStatus[] } };
        const { status } = await t.get<Told>({ kind: 'Gateway', name: 'broken' });
        expect(conditionOf(status?.conditions, 'ResolvedRefs')?.message).to.contain('no-such-secret');
      },
      'status',
    );

    await applyService(t, 'secure');
    await t.applyObjects(policy('secure'));
    await applyRoute(t, 'secure', { parents: [{ name: 'foreign' }, { name: 'broken' }] });
    await t.apply('client-certificate-problems.grant.yaml');
    await t.gatewayMustHaveCondition('foreign', resolved);
    await t.callMust({ gateway: 'foreign', host: hostOf('secure') }, showing(mallory));

    const late = await clientCertificate(t, 'no-such-secret');
    await t.gatewayMustHaveCondition('broken', resolved);
    await t.callMust({ gateway: 'broken', host: hostOf('secure') }, showing(late));

    await t.update<Gateway>({ kind: 'Gateway', name: 'broken' }, ({ spec }) => {
      const tls = { certificateRefs: [{ name: 'later' }] };
      spec.listeners.push({ name: 'https', port: 443, protocol: 'HTTPS', tls });
    });
    await t.gatewayMustHaveCondition('broken', listenersNotResolved);
    await t.gatewayMustHaveCondition('broken', { type: 'Accepted', status: 'True' });
    await t.tlsSecret({ name: 'later' }, ['*.example.com']);
    await t.gatewayMustHaveCondition('broken', resolved);

    await t.remove({ kind: 'ReferenceGrant', name: 'client-certificates', namespace: 'vault' });
    await t.gatewayMustHaveCondition('foreign', notPermitted);
    await t.gatewayMustHaveCondition('foreign', accepted);
  },
);
