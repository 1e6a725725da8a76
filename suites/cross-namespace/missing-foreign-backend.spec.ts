import { expect, scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const refused = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;

scenario(
  {
    id: 'cross-namespace/missing-foreign-backend',
    title:
      'Without a grant the status does not tell whether a foreign Service exists; with one it says what is missing, until it is there',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'refgrant-no-existence-leak',
      'refgrant-granted-but-missing',
      'refgrant-to-name-omitted-all',
      'backend-not-found-message',
      'backend-recovers',
    ],
    backends: ['store/stock'],
    manifests: ['missing-foreign-backend.yaml', 'missing-foreign-backend.grant.yaml'],
  },
  async (t) => {
    const message = async (name: string): Promise<string> => {
      const route = await t.get<Route>({ kind: 'GRPCRoute', name });
      return conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'ResolvedRefs')?.message ?? '';
    };
    await t.apply();
    await t.routeMustHaveCondition('to-existing', refused);
    await t.routeMustHaveCondition('to-missing', refused);
    await t.check(
      'both messages are the same but for the name',
      async () => {
        const existing = await message('to-existing');
        expect(existing.replaceAll('stock', 'NAME')).to.equal(
          (await message('to-missing')).replaceAll('ghost', 'NAME'),
        );
      },
      'status',
    );
    await t.barrier();
    await t.callMustAlways({ host: 'existing.example.com' }, unserved);
    await t.callMustAlways({ host: 'missing.example.com' }, unserved);
    await t.check(
      'both calls end with the same status',
      async () => {
        const existing = await t.call({ host: 'existing.example.com' });
        expect((await t.call({ host: 'missing.example.com' })).status).to.equal(existing.status);
      },
      'routed',
    );

    await t.apply('missing-foreign-backend.grant.yaml');
    await t.routeMustBeAccepted('to-existing');
    await t.callMust({ host: 'existing.example.com' }, { backend: 'store/stock' });
    await t.routeMustHaveCondition('to-missing', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.check(
      'the message names the missing Service',
      async () => {
        expect(await message('to-missing')).to.contain('ghost');
      },
      'status',
    );
    await t.callMustAlways({ host: 'missing.example.com' }, unserved);

    const ghost: object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ghost', namespace: 'store' },
      spec: { ports: [{ name: 'grpc', port: 9000, protocol: 'TCP' }] },
    };
    await t.applyObjects(ghost);
    await t.implied(['backend-recovers'], async () => {
      await t.routeMustBeAccepted('to-missing');
    });
    // The new Service is known when the route is edited, which no gateway may leave without an answer.
    await t.barrier();
    await t.update<Route>({ kind: 'GRPCRoute', name: 'to-missing' }, ({ spec }) => {
      spec.hostnames = ['found.example.com'];
    });
    await t.routeMustBeAccepted('to-missing');
  },
);
