import { scenario } from '../../harness/index.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  caRef,
  hostOf,
  overTls,
  policy,
  policyMust,
  resolved,
  strangeName,
  unavailable,
} from './policies.ts';
import type { Policy } from './policies.ts';

scenario(
  {
    id: 'backend-tls/authenticates',
    title:
      "A backend whose certificate has another name, or is from another CA than the policy's, gets no call",
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates', 'btls-sni-is-hostname'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    const strangeCa = await t.tlsSecret({ name: 'stranger' }, [backendName]);
    await applyCa(t);
    await applyCa(t, 'stranger', strangeCa);
    const cases = {
      right: {},
      'wrong-name': { hostname: strangeName },
      'wrong-ca': { caCertificateRefs: [caRef('stranger')] },
    };
    for (const [name, validation] of Object.entries(cases)) {
      await applyService(t, name);
      await t.applyObjects(policy(name, { validation }));
      await applyRoute(t, name);
    }

    await t.callMust({ host: hostOf('right') }, overTls());
    for (const name of ['wrong-name', 'wrong-ca']) {
      // Nothing is wrong with the policy: what the backend shows is not what it asks for.
      await policyMust(t, name, accepted);
      await policyMust(t, name, resolved);
      await t.callMust({ host: hostOf(name) }, unavailable);
    }
    await t.barrier();
    for (const name of ['wrong-name', 'wrong-ca'])
      await t.callMustAlways({ host: hostOf(name) }, unavailable);

    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'wrong-name' }, ({ spec }) => {
      spec.validation.hostname = backendName;
    });
    await t.callMust({ host: hostOf('wrong-name') }, overTls());
    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'right' }, ({ spec }) => {
      spec.validation.hostname = strangeName;
    });
    await t.callMust({ host: hostOf('right') }, unavailable);

    const trust = (ca?: string): Promise<Policy> =>
      t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'wrong-ca' }, ({ spec }) => {
        spec.validation['caCertificateRefs'] = [caRef(ca)];
      });
    await trust();
    await t.callMust({ host: hostOf('wrong-ca') }, overTls());
    // Of two edits in a row the last one counts.
    await trust('no-such-ca');
    await trust('stranger');
    await policyMust(t, 'wrong-ca', accepted);
    await t.callMust({ host: hostOf('wrong-ca') }, unavailable);
  },
);
