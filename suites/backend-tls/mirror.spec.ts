import { expect, scenario } from '../../harness/index.ts';
import { whatever } from '../expected.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  caRef,
  hostOf,
  inPlaintext,
  plainPort,
  policy,
  policyMust,
} from './policies.ts';

const times = 10;

scenario(
  {
    id: 'backend-tls/mirror',
    title:
      'Mirrored calls reach a backend under a BackendTLSPolicy over TLS too, and under one that cannot be met not at all',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-mirror-union', 'btls-no-plaintext-fallback', 'btls-ancestor-status'],
    backends: ['v1', 'v2'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'primary', 'v1', { grpc: plainPort });
    await applyService(t, 'copy', 'v2');
    await t.applyObjects(policy('copy'));
    // The port takes plaintext: a copy that goes out without TLS would arrive.
    await applyService(t, 'barred', 'v2', { grpc: plainPort });
    await t.applyObjects(policy('barred', { validation: { caCertificateRefs: [caRef('missing')] } }));
    const mirrorTo = (name: string): object[] => [
      { type: 'RequestMirror', requestMirror: { backendRef: { name, port: 443 } } },
    ];
    await applyRoute(t, 'primary', { filters: mirrorTo('copy') });
    await applyRoute(t, 'unmet', { service: 'primary', filters: mirrorTo('barred') });
    if (!(await acceptedOrDeclined(t, 'primary', 'RequestMirror'))) return;
    await policyMust(t, 'copy', accepted);

    // What becomes of the calls themselves is not judged here.
    const unmet = { host: hostOf('unmet') };
    await t.callMust(unmet, whatever);
    await t.barrier();
    const barred = `${t.nonce}-barred`;
    await t.callMustAlways({ ...unmet, metadata: { 'x-routeproof-nonce': barred } }, whatever, times);

    const call = { host: hostOf('primary') };
    await t.callMust(call, inPlaintext());
    const mirrored = `${t.nonce}-mirrored`;
    await t.callMustAlways({ ...call, metadata: { 'x-routeproof-nonce': mirrored } }, inPlaintext(), times);
    const copies = await t.seenBy('v2', mirrored, { atLeast: times });
    await t.check(
      'the mirror has every call, over TLS',
      () => {
        expect(copies.map((copy) => copy?.tls)).to.deep.equal(Array.from({ length: times }, () => true));
      },
      'backend',
    );
    // Copies of the calls before those would have come too by now.
    const plain = await t.seenBy('v2', barred);
    await t.check(
      'no copy arrives in plaintext at the backend under a policy that cannot be met',
      () => {
        expect(plain).to.have.length(0);
      },
      'backend',
    );
  },
);
