import { expect, scenario } from '../../harness/index.ts';
import type { GrpcRoute } from '../grpc-route.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/change-without-loss',
    title: 'No call fails while its route changes backends',
    support: 'core',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    backends: ['v1', 'v2'],
    guards: ['envoyproxy/gateway#6287', 'projectcontour/contour#2151'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('busy');
    await t.callMust({ host }, { backend: 'v1' });

    let changing = true;
    const lost: string[] = [];
    const caller = async (): Promise<void> => {
      while (changing) {
        const { status, statusName, message } = await t.call({ host });
        if (status !== 0) lost.push(`${statusName}: ${message}`);
      }
    };
    const callers = [caller(), caller()];
    try {
      for (const backend of ['v2', 'v1', 'v2', 'v1', 'v2']) {
        await t.update<GrpcRoute>({ kind: 'GRPCRoute', name: 'busy' }, (route) => {
          route.spec.rules = [{ backendRefs: [{ name: backend, port: 9000 }] }];
        });
        await t.callMust({ host }, { backend });
      }
    } finally {
      changing = false;
      await Promise.all(callers);
    }
    await t.check('every call during the changes was answered', () => {
      expect(lost).to.deep.equal([]);
    });
  },
);
