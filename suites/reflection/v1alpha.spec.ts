import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'reflection.example.com';
const grpcurl = ['-plaintext', '-authority', host];

scenario(
  {
    id: 'reflection/v1alpha',
    title: 'A rule for v1alpha alone serves clients that fall back to it',
    support: 'core',
    clauses: ['reflection-routed-like-any-service'],
    backends: ['v1'],
    guards: ['kubernetes-sigs/gateway-api#3805'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('with-old-reflection');
    await t.callMust({ host }, { backend: 'v1' });

    // grpcurl asks v1 first and goes on to v1alpha only when v1 is answered with UNIMPLEMENTED.
    const current = 'grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    await t.callMustAlways({ host, method: current }, refused, 3);
    const list = await t.grpcurl([...grpcurl, 'list']);
    await t.check('list works by way of v1alpha', () => {
      expect(list.stderr).to.equal('');
      expect(list.stdout.split('\n')).to.include('routeproof.v1.Probe');
    });
  },
);
