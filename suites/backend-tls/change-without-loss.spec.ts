import { expect, scenario } from '../../harness/index.ts';
import { lost, steadyCalls } from '../steady-calls.ts';
import {
  applyCa,
  applyRoute,
  applyService,
  backendName,
  hostOf,
  inPlaintext,
  otherName,
  overTls,
  plainPort,
  policy,
} from './policies.ts';

scenario(
  {
    id: 'backend-tls/change-without-loss',
    title: 'No call fails while its route changes to backends under a BackendTLSPolicy and back',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'plain', 'v1', { grpc: plainPort });
    await applyService(t, 'secure');
    await applyService(t, 'other');
    await t.applyObjects(policy('secure'), policy('other', { validation: { hostname: otherName } }));

    // What the changes lead to is known before they are measured.
    for (const service of ['secure', 'other']) {
      await applyRoute(t, service);
      await t.callMust({ host: hostOf(service) }, overTls(service === 'other' ? otherName : backendName));
    }

    const busy = { host: hostOf('busy') };
    const changeTo = async (service: 'plain' | 'secure' | 'other'): Promise<void> => {
      await applyRoute(t, 'busy', { service });
      const answer =
        service === 'plain' ? inPlaintext() : overTls(service === 'other' ? otherName : backendName);
      await t.callMust(busy, answer);
    };
    await changeTo('plain');
    const calls = steadyCalls(t, busy);
    for (const service of ['other', 'plain', 'secure', 'plain'] as const) await changeTo(service);
    const results = await calls.stop();
    await t.check('every call during the changes was answered', () => {
      expect(lost(results)).to.deep.equal([]);
    });
  },
);
