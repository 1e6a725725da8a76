import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { applyCa, applyRoute, applyService, hostOf, inPlaintext, plainPort, policy } from './policies.ts';

const times = 10;

scenario(
  {
    id: 'backend-tls/mirror',
    title: 'Mirrored calls reach a backend under a BackendTLSPolicy over TLS too',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-mirror-union'],
    backends: ['v1', 'v2'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'primary', 'v1', { grpc: plainPort });
    await applyService(t, 'copy', 'v2');
    await t.applyObjects(policy('copy'));
    const backendRef = { name: 'copy', port: 443 };
    await applyRoute(t, 'primary', { filters: [{ type: 'RequestMirror', requestMirror: { backendRef } }] });
    if (!(await acceptedOrDeclined(t, 'primary', 'RequestMirror'))) return;

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
  },
);
