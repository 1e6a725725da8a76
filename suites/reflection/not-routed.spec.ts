import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'reflection.example.com';
const grpcurl = ['-plaintext', '-authority', host];

scenario(
  {
    id: 'reflection/not-routed',
    title: 'Without a rule for reflection clients are told that there is none, though the backend has it',
    support: 'core',
    clauses: ['reflection-routed-like-any-service', 'grpcroute-unmatched-call-unimplemented'],
    backends: ['v1'],
    guards: ['kubernetes-sigs/gateway-api#3805'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('without-reflection');
    await t.callMust({ host }, { backend: 'v1' });

    for (const version of ['v1', 'v1alpha']) {
      const method = `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
      const direct = await t.call({ direct: 'v1', method });
      await t.check(`the backend itself offers ${version}`, () => {
        expect(direct.statusName).not.to.equal('UNIMPLEMENTED');
      });
      await t.callMustAlways({ host, method }, refused, 3);
    }
    const list = await t.grpcurl([...grpcurl, 'list']);
    await t.check('grpcurl says that the server does not support reflection', () => {
      expect(list.exitCode).not.to.equal(0);
      expect(list.stderr).to.match(/does not support the reflection API/);
    });
    const call = ['-proto', 'routeproof.proto', '-d', '{"text":"by proto"}', 'routeproof.v1.Probe/Unary'];
    const called = await t.grpcurl([...grpcurl, ...call]);
    await t.check('calls by proto file work as ever', () => {
      expect(called.stderr).to.equal('');
      expect(JSON.parse(called.stdout)).to.include({ text: 'by proto' });
    });
  },
);
