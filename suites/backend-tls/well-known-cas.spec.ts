import { scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import { ancestorOf, applyRoute, applyService, hostOf, policy, unavailable } from './policies.ts';

scenario(
  {
    id: 'backend-tls/well-known-cas',
    title:
      'With the system CAs a backend with a certificate of its own making gets no call, whether they are supported or not',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-wellknown-system', 'btls-ca-authenticates'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyService(t, 'public');
    await t.applyObjects(
      policy('public', { validation: { wellKnownCACertificates: 'System', caCertificateRefs: undefined } }),
    );
    await applyRoute(t, 'public');
    const judged = await t.until(
      { kind: 'BackendTLSPolicy', name: 'public' },
      'Accepted=True, or Accepted=False/Invalid',
      (object) => {
        const condition = conditionOf(ancestorOf(t, object)?.conditions, 'Accepted');
        return condition?.status === 'True' || condition?.reason === 'Invalid';
      },
      'status',
    );
    const isAccepted = conditionOf(ancestorOf(t, judged)?.conditions, 'Accepted')?.status === 'True';
    t.note(`wellKnownCACertificates System is ${isAccepted ? '' : 'not '}supported`);
    await t.callMust({ host: hostOf('public') }, unavailable);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('public') }, unavailable);
  },
);
