import { scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Policy } from './policies.ts';
import {
  ancestorOf,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  caRef,
  hostOf,
  inPlaintext,
  overTls,
  plainPort,
  policy,
  unavailable,
} from './policies.ts';

/** One that trusts the system CAs. @returns whether that is supported */
async function applySystemPolicy(t: Scenario, name: string): Promise<boolean> {
  const validation = { wellKnownCACertificates: 'System', caCertificateRefs: undefined };
  await t.applyObjects(policy(name, { validation }));
  const judged = await t.until(
    { kind: 'BackendTLSPolicy', name },
    'Accepted=True, or Accepted=False/Invalid',
    (object) => {
      const condition = conditionOf(ancestorOf(t, object)?.conditions, 'Accepted');
      return condition?.status === 'True' || condition?.reason === 'Invalid';
    },
    'status',
  );
  return conditionOf(ancestorOf(t, judged)?.conditions, 'Accepted')?.status === 'True';
}

scenario(
  {
    id: 'backend-tls/well-known-cas',
    title:
      'With the system CAs, supported or not, a backend gets no call without TLS, and none with a certificate of its own making',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-wellknown-system', 'btls-ca-authenticates', 'btls-no-plaintext-fallback'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyService(t, 'public');
    await applyRoute(t, 'public');
    // Where the backend speaks plaintext, only who does without TLS is answered.
    await applyService(t, 'public-plain', 'v1', { grpc: plainPort });
    await applyRoute(t, 'public-plain');
    await t.callMust({ host: hostOf('public-plain') }, inPlaintext());

    const isAccepted = await applySystemPolicy(t, 'public');
    t.note(`wellKnownCACertificates System is ${isAccepted ? '' : 'not '}supported`);
    await applySystemPolicy(t, 'public-plain');
    for (const name of ['public', 'public-plain']) await t.callMust({ host: hostOf(name) }, unavailable);
    await t.barrier();
    for (const name of ['public', 'public-plain']) {
      await t.callMustAlways({ host: hostOf(name) }, unavailable);
    }

    // A policy that named a CA turns to the system CAs, and back.
    await applyCa(t);
    await applyService(t, 'turned');
    await t.applyObjects(policy('turned'));
    await applyRoute(t, 'turned');
    await t.callMust({ host: hostOf('turned') }, overTls());
    // Again only who does without TLS is answered here.
    await applyService(t, 'turned-plain', 'v1', { grpc: plainPort });
    await applyRoute(t, 'turned-plain');
    await t.callMust({ host: hostOf('turned-plain') }, inPlaintext());
    await t.applyObjects(policy('turned-plain'));
    await t.callMust({ host: hostOf('turned-plain') }, unavailable);
    const trusting = (name: string, validation: object) =>
      t.update<Policy>({ kind: 'BackendTLSPolicy', name }, ({ spec }) => {
        spec.validation = { hostname: backendName, ...validation };
      });
    for (const name of ['turned-plain', 'turned'])
      await trusting(name, { wellKnownCACertificates: 'System' });
    await t.callMust({ host: hostOf('turned') }, unavailable);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('turned-plain') }, unavailable);
    await trusting('turned', { caCertificateRefs: [caRef()] });
    await t.callMust({ host: hostOf('turned') }, overTls());
  },
);
