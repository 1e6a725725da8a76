import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'reflection.example.com';
const grpcurl = ['-plaintext', '-authority', host];

scenario(
  {
    id: 'reflection/v1',
    title: 'With a rule for reflection, grpcurl lists, describes and calls services without their protos',
    support: 'core',
    clauses: ['reflection-routed-like-any-service'],
    backends: ['v1'],
    guards: ['kubernetes-sigs/gateway-api#3805'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('with-reflection');
    await t.callMust({ host }, { backend: 'v1' });

    const list = await t.grpcurl([...grpcurl, 'list']);
    await t.check('list names the services of the backend', () => {
      expect(list.stderr).to.equal('');
      expect(list.stdout.split('\n')).to.include.members(['routeproof.v1.Probe', 'grpc.health.v1.Health']);
    });
    const described = await t.grpcurl([...grpcurl, 'describe', 'routeproof.v1.Probe.BidiStream']);
    await t.check('describe shows a method with its types', () => {
      expect(described.stdout).to.contain('stream .routeproof.v1.ProbeRequest');
    });
    const called = await t.grpcurl([
      ...grpcurl,
      '-d',
      '{"text":"by reflection"}',
      'routeproof.v1.Probe/Unary',
    ]);
    await t.check('a call needs no proto file', () => {
      expect(JSON.parse(called.stdout)).to.include({ text: 'by reflection' });
    });

    const older = 'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo';
    await t.callMustAlways({ host, method: older }, refused, 3);
  },
);
