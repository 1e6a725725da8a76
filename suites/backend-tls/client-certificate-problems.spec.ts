import { expect, scenario } from '../../harness/index.ts';
import { whatever } from '../expected.ts';
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
  tlsOf,
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
      'refgrant-required',
      'refgrant-removal-revokes',
      'gateway-observedgeneration-current',
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
    await t.remove({ kind: 'Secret', apiVersion: 'v1', name: 'no-such-secret' });
    await t.gatewayMustHaveCondition('broken', invalid);
    await clientCertificate(t, 'no-such-secret');
    await t.gatewayMustHaveCondition('broken', resolved);

    await t.remove({ kind: 'ReferenceGrant', name: 'client-certificates', namespace: 'vault' });
    await t.gatewayMustHaveCondition('foreign', notPermitted);
    await t.gatewayMustHaveCondition('foreign', accepted);
    // Connections that are there may stay; to a Service that comes later there are none. Whether its calls are served is not judged here.
    let shown = mallory;
    for (let later = 1; shown === mallory && later <= 5; later += 1) {
      const name = `later-${String(later)}`;
      await applyService(t, name);
      await t.applyObjects(policy(name));
      await applyRoute(t, name, { parents: [{ name: 'foreign' }] });
      await t.barrier({ gateway: 'foreign' });
      const result = await t.callMust({ gateway: 'foreign', host: hostOf(name) }, whatever);
      shown = tlsOf(result).clientCertificateSha256 ?? '';
    }
    await t.check(
      'a certificate that no grant permits any more is not shown to a Service that comes later',
      () => expect(shown).not.to.equal(mallory),
      'backend',
    );

    await show(t, 'foreign', undefined);
    await t.until<Gateway>(
      { kind: 'Gateway', name: 'foreign' },
      'nothing says of a Gateway without a client certificate that one does not resolve, or speaks of an earlier generation',
      ({ metadata, status }) => {
        const summary = conditionOf(status?.conditions, 'ResolvedRefs');
        return (
          summary === undefined ||
          (summary.status === 'True' && summary.observedGeneration === metadata?.generation)
        );
      },
      'status',
    );

    await t.update<Gateway>({ kind: 'Gateway', name: 'broken' }, ({ spec }) => {
      const tls = { certificateRefs: [{ name: 'not-there' }] };
      spec.listeners.push({ name: 'https', port: 443, protocol: 'HTTPS', tls });
    });
    await t.listenerMustHaveCondition('broken', 'https', { type: 'ResolvedRefs', status: 'False' });
    await t.until<Gateway>(
      { kind: 'Gateway', name: 'broken' },
      'ResolvedRefs=False/ListenersNotResolved, or no such condition of the Gateway',
      ({ status }) => {
        const summary = conditionOf(status?.conditions, 'ResolvedRefs');
        return (
          summary === undefined || `${summary.status}/${summary.reason}` === 'False/ListenersNotResolved'
        );
      },
      'status',
    );
  },
);
