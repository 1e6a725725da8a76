import { expect, scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { conditionOf } from '../shapes.ts';
import {
  accepted,
  ancestorOf,
  ancestorsOf,
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  inPlaintext,
  overTls,
  plainPort,
  policy,
  policyMust,
  tlsPort,
  unavailable,
} from './policies.ts';
import type { Policy } from './policies.ts';

const lookalikes = {
  'of-another-group': { group: 'serving.example.org', kind: 'Service' },
  'of-another-kind': { group: '', kind: 'Pod' },
};
const invalid = { type: 'Accepted', status: 'False', reason: 'Invalid' } as const;

scenario(
  {
    id: 'backend-tls/targets',
    title: 'A policy has a say over TCP ports of Services in its own namespace, and over nothing else',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: [
      'btls-target-same-namespace',
      'btls-target-kind',
      'btls-target-not-found',
      'btls-udp-port',
      'btls-multiple-targets',
      'btls-ancestor-status',
      'btls-wellknown-unsupported',
      'btls-no-plaintext-fallback',
    ],
    backends: ['v1'],
    guards: ['nginx/nginx-gateway-fabric#2935'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'here', 'v1', { grpc: plainPort });
    await t.applyObjects(policy('here', { namespace: 'abroad' }));
    await applyRoute(t, 'here');

    await t.applyObjects(policy('ghost'));
    await applyRoute(t, 'ghost');

    const ports = [
      { name: 'grpc', port: 443, protocol: 'TCP' },
      { name: 'udp', port: 444, protocol: 'UDP' },
    ];
    await applyService(t, 'mixed', 'v1', { grpc: plainPort });
    const mixed: object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'mixed' }, spec: { ports } };
    await t.applyObjects(mixed);
    await t.applyObjects(policy('mixed', { sectionName: 'udp' }));
    await applyRoute(t, 'mixed');

    // Without a sectionName the UDP port is none of its business, and does not make it invalid. Nor has an older policy a part in it that is
    // for a Service of another namespace.
    const abroad = { ...mixed, metadata: { name: 'whole', namespace: 'abroad' } };
    await t.applyObjects(abroad, policy('whole', { namespace: 'abroad' }));
    await laterSecond(t);
    await applyService(t, 'whole', 'v1', { grpc: tlsPort });
    await t.applyObjects({ ...mixed, metadata: { name: 'whole' } });
    await t.applyObjects(policy('whole'));
    await applyRoute(t, 'whole');

    await applyService(t, 'well-known', 'v1', { grpc: plainPort });
    const unknown = { wellKnownCACertificates: 'example.org/unknown', caCertificateRefs: undefined };
    await t.applyObjects(policy('well-known', { validation: unknown }));
    await applyRoute(t, 'well-known');

    // What shares a Service's name is no Service.
    await applyService(t, 'lookalike', 'v1', { grpc: plainPort });
    for (const [name, target] of Object.entries(lookalikes)) {
      const other = policy(name, { service: 'lookalike' });
      other.spec.targetRefs = [{ ...target, name: 'lookalike' }];
      await t.applyObjects(other);
    }
    await applyRoute(t, 'lookalike');

    const several = policy('one-of-two');
    several.spec.targetRefs.push({ group: '', kind: 'Service', name: 'two-of-two' });
    for (const name of ['one-of-two', 'two-of-two']) await applyService(t, name);
    await t.applyObjects(several);
    for (const name of ['one-of-two', 'two-of-two']) await applyRoute(t, name);

    await policyMust(t, 'mixed', invalid);
    await policyMust(t, 'whole', accepted);
    await policyMust(t, 'well-known', invalid);
    await t.callMust({ host: hostOf('here') }, inPlaintext());
    await t.callMust({ host: hostOf('lookalike') }, inPlaintext());
    await t.callMust({ host: hostOf('mixed') }, inPlaintext());
    await t.callMust({ host: hostOf('whole') }, overTls());
    await t.callMust({ host: hostOf('ghost') }, unavailable);
    await t.callMust({ host: hostOf('well-known') }, unavailable);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('here') }, inPlaintext(), 5);
    await t.callMustAlways({ host: hostOf('lookalike') }, inPlaintext(), 5);
    await t.callMustAlways({ host: hostOf('mixed') }, inPlaintext(), 5);
    await t.callMustAlways({ host: hostOf('well-known') }, unavailable, 5);

    await t.check(
      'what is no policy for a Service is not said to be in force',
      async () => {
        for (const name of Object.keys(lookalikes)) {
          const object = await t.get({ kind: 'BackendTLSPolicy', name });
          expect(conditionOf(ancestorOf(t, object)?.conditions, 'Accepted')?.status, name).not.to.equal(
            'True',
          );
        }
      },
      'status',
    );
    await t.check(
      'a policy whose target is not there says so where it says anything',
      async () => {
        const object = await t.get({ kind: 'BackendTLSPolicy', name: 'ghost' });
        const condition = conditionOf(ancestorOf(t, object)?.conditions, 'Accepted');
        if (condition !== undefined)
          expect(condition).to.include({ status: 'False', reason: 'TargetNotFound' });
      },
      'status',
    );
    // Only calls over TLS are answered there.
    let isInForce = false;
    for (const name of ['one-of-two', 'two-of-two']) {
      const { status, statusName } = await t.call({ host: hostOf(name) });
      t.note(`a policy with two targetRefs, ${name}: ${statusName}`);
      isInForce ||= status === 0;
    }
    const severalRef = { kind: 'BackendTLSPolicy', name: 'one-of-two' };
    if (isInForce)
      await t.until<Policy>(
        severalRef,
        'an entry for Gateway shared, as the policy has a say over calls through it',
        (object) => ancestorOf(t, object) !== undefined,
        'status',
      );
    await t.check(
      'a policy with two targetRefs has one entry for a Gateway, or for each of its listeners, and not one for each target',
      async () => {
        const entries = ancestorsOf(t, await t.get<Policy>(severalRef));
        const sections = entries.map(({ ancestorRef }) => ancestorRef.sectionName ?? 'the whole Gateway');
        expect(sections).to.deep.equal([...new Set(sections)]);
      },
      'status',
    );
  },
);
