import { expect, scenario } from '../../harness/index.ts';

const call = { host: 'checkout.example.com' };
const calls = 200;

scenario(
  {
    id: 'backend/invalid-share',
    title:
      'With one of two equal backends missing, about half of the calls get UNAVAILABLE and the others are served',
    support: 'core',
    clauses: [
      'backend-invalid-share-unavailable',
      'backend-invalid-not-redistributed',
      'backend-error-code-is-unavailable',
    ],
    guards: [
      'lexfrei/cloudflare-tunnel-gateway-controller#335',
      'envoyproxy/gateway#7483',
      'agentgateway/agentgateway#1339',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.barrier();
    const results = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const own = [];
        for (let sent = 0; sent < calls / 4; sent++) own.push(await t.call(call));
        return own;
      }),
    );
    await t.check(
      `both shares of ${calls} calls are about half, and errors are UNAVAILABLE`,
      () => {
        const statuses = results.flat().map((result) => result.statusName);
        expect([...new Set(statuses)].sort()).to.deep.equal(['OK', 'UNAVAILABLE']);
        // Five standard deviations of a fair coin over 200 calls are 35: a right gateway fails 6 times in 10 million runs.
        expect(statuses.filter((name) => name === 'OK').length).to.be.within(calls / 2 - 35, calls / 2 + 35);
      },
      'routed',
    );
  },
);
