import { scenario } from '../../harness/index.ts';

const bare = { host: 'checkout.example.com' };
const toV1 = { host: 'checkout.example.com', method: 'routeproof.v1.ProbeTwo/Unary' };

scenario(
  {
    id: 'backend/no-backend-refs',
    title:
      'A rule without backendRefs forwards nothing and answers an error, also where another rule would serve',
    support: 'core',
    clauses: ['backend-omitted-error', 'grpcroute-single-rule-per-call'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' });
    await t.callMust(toV1, { backend: 'v1' });
    const { status, statusName } = await t.call(bare);
    t.note(`The spec names UNAVAILABLE in one place and UNIMPLEMENTED in another: here it is ${statusName}.`);
    await t.callMustAlways(bare, { status: status === 12 ? 'UNIMPLEMENTED' : 'UNAVAILABLE', backend: null });
  },
);
