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
      'With the system CAs a backend gets no call without TLS, and none with a certificate of its own making, whether they are supported or not',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-wellknown-system', 'btls-ca-authenticates'],
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

    // Whoever had named a CA of its own does not name it any more.
    await applyCa(t);
    await applyService(t, 'turned');
    await t.applyObjects(policy('turned'));
    await applyRoute(t, 'turned');
    await t.callMust({ host: hostOf('turned') }, overTls());
    const trusting = (validation: object) =>
      t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'turned' }, ({ spec }) => {
        spec.validation = { hostname: backendName, ...validation };
      });
    await trusting({ wellKnownCACertificates: 'System' });
    await t.callMust({ host: hostOf('turned') }, unavailable);
    await trusting({ caCertificateRefs: [caRef()] });
    await t.callMust({ host: hostOf('turned') }, overTls());
  },
);
