import { scenario } from '../../harness/index.ts';
import type { Policy } from './policies.ts';
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
  unavailable,
} from './policies.ts';

scenario(
  {
    id: 'backend-tls/removal',
    title: 'A policy that comes turns TLS on, one that goes turns it off, and one that moves takes it along',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-removal-restores-plaintext', 'btls-hostname-authenticates'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'tls-only');
    await applyService(t, 'plain', 'v1', { grpc: plainPort });
    await applyRoute(t, 'tls-only');
    await applyRoute(t, 'plain');
    await applyService(t, 'stays');
    await applyRoute(t, 'stays');
    await t.applyObjects(policy('stays'));
    await t.callMust({ host: hostOf('plain') }, inPlaintext());
    await t.callMust({ host: hostOf('tls-only') }, unavailable);

    // What is made again under the name of a policy need not say what that said.
    for (const hostname of [backendName, otherName]) {
      await t.applyObjects(policy('tls-only', { validation: { hostname } }), policy('plain'));
      await t.callMust({ host: hostOf('tls-only') }, overTls(hostname));
      await t.callMust({ host: hostOf('plain') }, unavailable);
      await t.callMustAlways({ host: hostOf('tls-only') }, overTls(hostname), 5);

      await t.remove({ kind: 'BackendTLSPolicy', name: 'tls-only' });
      await t.remove({ kind: 'BackendTLSPolicy', name: 'plain' });
      await t.implied(['btls-removal-restores-plaintext'], async () => {
        await t.callMust({ host: hostOf('plain') }, inPlaintext());
        await t.callMust({ host: hostOf('tls-only') }, unavailable);
      });
    }
    await t.implied(['btls-removal-restores-plaintext'], async () => {
      await t.barrier();
      await t.callMustAlways({ host: hostOf('plain') }, inPlaintext(), 5);
      await t.callMustAlways({ host: hostOf('tls-only') }, unavailable, 5);
    });
    // What they named, another one names as well.
    await t.callMust({ host: hostOf('stays') }, overTls());
    await t.callMustAlways({ host: hostOf('stays') }, overTls(), 3);

    await t.applyObjects(policy('tls-only'));
    await t.callMust({ host: hostOf('tls-only') }, overTls());
    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'tls-only' }, ({ spec }) => {
      spec.targetRefs = [{ group: '', kind: 'Service', name: 'plain' }];
    });
    await t.callMust({ host: hostOf('plain') }, unavailable);
    await t.implied(['btls-removal-restores-plaintext'], async () => {
      await t.callMust({ host: hostOf('tls-only') }, unavailable);
    });
  },
);
