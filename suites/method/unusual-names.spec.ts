import { expect, scenario } from '../../harness/index.ts';
import { probe } from '../methods.ts';
import { emptyFrame, grpcHeaders, grpcStatusOf, takenInVain as taken } from '../raw-grpc.ts';
import type { Route } from '../shapes.ts';

const host = 'method.example.com';

/** In the manifest as well. */
const long = `routeproof.${'s'.repeat(160)}.Probe/M${'m'.repeat(160)}`;

scenario(
  {
    id: 'method/unusual-names',
    title: 'Names that are long, or differ from others in letter case alone, match like others',
    support: 'core',
    clauses: [
      'method-exact-service-and-method',
      'method-exact-method-case-sensitive',
      'grpcroute-unmatched-call-unimplemented',
    ],
    backends: ['v1'],
  },
  async (t) => {
    /** Of methods that no backend has. */
    const statusOf = async (method: string): Promise<string | undefined> =>
      grpcStatusOf(await t.raw({ host, path: `/${method}`, headers: grpcHeaders, body: emptyFrame }));
    await t.apply();
    await t.routeMustHaveCondition('unusual-names', { type: 'Accepted', status: 'True' });
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.barrier();

    await t.check(
      'each call is taken by the rule that has exactly its name',
      async () => {
        expect(await statusOf('routeproof.v1.Probe/unary'), 'other case').to.be.oneOf(taken);
        expect(await statusOf(long), 'long').to.be.oneOf(taken);
        expect(await statusOf(`${long}m`), 'longer').to.equal('12');
        expect(await statusOf('routeproof.v1.Probe/UNARY'), 'one more case').to.equal('12');
      },
      'routed',
    );
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);

    // As long as the CRD allows.
    const [service, method] = ['s'.repeat(1024), 'm'.repeat(1024)];
    await t.update<Route>({ kind: 'GRPCRoute', name: 'unusual-names' }, ({ spec }) => {
      for (const match of spec.rules?.[1]?.matches ?? [])
        if (long.startsWith(`${match.method?.service ?? '?'}/`)) match.method = { service, method };
    });
    await t.barrier();
    await t.check(
      'a call of 1,024 characters for the service, and as many for the method, is taken by its rule',
      async () => {
        expect(await statusOf(`${service}/${method}`)).to.be.oneOf(taken);
        expect(await statusOf(`${service}/${method.slice(1)}n`), 'its last character differs').to.equal('12');
        expect(await statusOf(long), 'the name that it had').to.equal('12');
      },
      'routed',
    );
  },
);
