import { expect, scenario } from '../../harness/index.ts';
import { probe, probeTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { emptyFrame, grpcHeaders, grpcStatusOf, takenInVain } from '../raw-grpc.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/service-before-method',
    title: 'A match on the service beats a match on the method alone, however long that is',
    support: 'implementation-specific',
    clauses: ['precedence-service-before-method'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'method-alone-first', 'a method match without service'))) return;

    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'v1' });

    await t.routeMustHaveCondition('short-service', { type: 'Accepted', status: 'True' });
    await t.barrier();
    const path = '/a.B/LongerThanTheServiceOfTheOtherRule';
    await t.check(
      'a match on a service beats one on a method with a longer name',
      async () => {
        const reply = await t.raw({ host, path, headers: grpcHeaders, body: emptyFrame });
        expect(grpcStatusOf(reply)).to.be.oneOf(takenInVain);
      },
      'routed',
    );
  },
);
