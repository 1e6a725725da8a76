import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  hostOf,
  otherName,
  overTls,
  policy,
  policyMust,
  resolved,
  strangeName,
  unavailable,
} from './policies.ts';
import type { Policy } from './policies.ts';

const noCa = { type: 'Accepted', status: 'False', reason: 'NoValidCACertificate' } as const;
const unresolved = { type: 'ResolvedRefs', status: 'False' } as const;

interface ConfigMap extends KubernetesObject {
  data: Record<string, string>;
}

scenario(
  {
    id: 'backend-tls/ca-content',
    title:
      'A CA that is emptied, restored or replaced in its ConfigMap, or goes and comes with it, takes effect without a change of the policy, and its routes say so',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: [
      'btls-ca-content-reconciled',
      'btls-all-ca-invalid',
      'btls-ca-authenticates',
      'btls-union-with-grpcroute',
      'btls-unmet-makes-backend-invalid',
      'btls-observedgeneration-current',
      'tls-ca-lax-bundle',
    ],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    const call = { host: hostOf('secure') };
    const setCa = (pem: string) =>
      t.update<ConfigMap>({ kind: 'ConfigMap', name: 'ca' }, (configMap) => {
        configMap.data = { 'ca.crt': pem };
      });
    const works = async (): Promise<void> => {
      await policyMust(t, 'secure', accepted);
      await policyMust(t, 'secure', resolved);
      for (const name of ['secure', 'also-secure', 'other']) {
        await t.routeMustBeAccepted(name);
        await t.callMust({ host: hostOf(name) }, overTls());
      }
    };
    const fails = async (): Promise<void> => {
      await t.callMust(call, unavailable);
      await t.callMust({ host: hostOf('other') }, unavailable);
    };
    // The policy is there before its target.
    await t.applyObjects(policy('secure'), policy('other'));
    await t.barrier();
    for (const name of ['secure', 'other']) {
      await applyService(t, name);
      await applyRoute(t, name);
    }
    await applyRoute(t, 'also-secure', { service: 'secure' });
    await policyMust(t, 'secure', noCa);
    // What is refused still is refused again with each edit.
    for (const hostname of [otherName, backendName]) {
      await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'secure' }, ({ spec }) => {
        spec.validation.hostname = hostname;
      });
      await policyMust(t, 'secure', noCa);
    }

    await applyCa(t);
    await works();

    await setCa('');
    await policyMust(t, 'secure', noCa);
    await policyMust(t, 'secure', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidCACertificateRef',
    });
    for (const name of ['secure', 'also-secure']) await t.routeMustHaveCondition(name, unresolved);
    await fails();

    await setCa(t.backendCa);
    await works();

    // A bundle has several certificates; any of them may have signed the backend's. Of two CAs of one name TLS libraries try the first only.
    const stranger = await t.tlsSecret({ name: 'other-stranger' }, [strangeName]);
    // It may tell what they are, and hold one of them twice.
    const commented = `# of the backends\n${t.backendCa}\n# of others\n${stranger}\n${t.backendCa}`;
    for (const bundle of [`${stranger}\n${t.backendCa}`, `${t.backendCa}\n${stranger}`, commented]) {
      await setCa(stranger);
      await t.callMust(call, unavailable);
      await setCa(bundle);
      await works();
    }

    // Connections that were made under the old CA do not outlive it.
    await setCa(await t.tlsSecret({ name: 'stranger' }, [backendName]));
    await fails();
    await t.callMustAlways(call, unavailable);

    await setCa(t.backendCa);
    await works();
    await t.remove({ kind: 'ConfigMap', apiVersion: 'v1', name: 'ca' });
    await policyMust(t, 'secure', noCa);
    await t.routeMustHaveCondition('secure', unresolved);
    await t.callMust(call, unavailable);
    await applyCa(t);
    await works();

    // A Service that is deleted and made again is what the policy is for, too.
    await t.remove({ kind: 'Service', name: 'other' });
    await t.barrier();
    await applyService(t, 'other');
    await t.callMust({ host: hostOf('other') }, overTls());
  },
);
