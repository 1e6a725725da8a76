import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { GatewayClass } from '../shapes.ts';

scenario(
  {
    id: 'gateway/supported-features',
    title:
      'The GatewayClass under test lists its features in order, GRPCRoute among them, and a GRPCRoute is served',
    support: 'core',
    clauses: [
      'class-supportedfeatures-published',
      'class-supportedfeatures-sorted',
      'class-supportedfeatures-grpcroute',
      'class-supportedfeatures-no-mesh',
      'class-supportedfeatures-name-format',
    ],
    guards: ['kubernetes-sigs/gateway-api#3651'],
    backends: ['v1'],
  },
  async (t) => {
    const { body } = await t
      .kubectl(['get', 'gatewayclass', t.gatewayClass, '-o', 'json'])
      .then(({ stdout }) => ({ body: JSON.parse(stdout) as GatewayClass }));
    const features = body.status?.supportedFeatures?.map(({ name }) => name) ?? [];
    await t.check(
      'the class is accepted and lists features in ascending order',
      () => {
        expect(conditionOf(body.status?.conditions, 'Accepted')?.status).to.equal('True');
        expect(features).to.deep.equal([...features].sort());
        expect(new Set(features).size).to.equal(features.length);
        expect(features).to.include.members(['GRPCRoute', 'Gateway']);
      },
      'status',
    );
    await t.check(
      'names are well formed, none belongs to a mesh',
      () => {
        for (const name of features) {
          expect(name).to.match(/^[A-Z][A-Za-z0-9]{0,127}$/);
          expect(name).not.to.match(/^Mesh/);
        }
      },
      'status',
    );
    await t.apply();
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
