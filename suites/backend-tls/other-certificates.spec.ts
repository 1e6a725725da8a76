import { scenario } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  backendName,
  caRef,
  hostOf,
  overTls,
  policy,
  policyMust,
  unavailable,
} from './policies.ts';

const [, parent = ''] = /\.(.*)/.exec(backendName) ?? [];

scenario(
  {
    id: 'backend-tls/other-certificates',
    title:
      "A backend whose certificate is for a wildcard that covers the policy's hostname, or is signed by an intermediate that it shows as well, gets calls, one whose certificate has expired gets none",
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates', 'btls-sni-is-hostname'],
    backends: [],
    takesMs: 3000,
  },
  async (t) => {
    const cas = {
      wildcard: await t.tlsSecret({ name: 'wildcard' }, [`*.${parent}`]),
      chain: await t.tlsSecret({ name: 'chain' }, [backendName], 'chain'),
      expired: await t.tlsSecret({ name: 'expired' }, [backendName], 'expired'),
    };
    await t.apply();
    for (const [name, ca] of Object.entries(cas)) {
      await applyCa(t, name, ca);
      await t.applyObjects(policy(name, { validation: { caCertificateRefs: [caRef(name)] } }));
      await applyRoute(t, name);
    }
    await deploymentsMustBeAvailable(t, ...Object.keys(cas));

    for (const name of ['wildcard', 'chain'])
      await t.callMust({ host: hostOf(name) }, overTls(backendName, name));
    await policyMust(t, 'expired', accepted);
    await t.callMust({ host: hostOf('expired') }, unavailable);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('expired') }, unavailable, 3);
  },
);
