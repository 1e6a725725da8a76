import { expect, scenario } from '../../harness/index.ts';
import { pointPortsTo } from '../endpoint-slices.ts';
import { probeTwo } from '../methods.ts';
import { acceptedOrDeclined, currentConditions } from '../optional-support.ts';

const host = 'filter.example.com';
const times = 10;

scenario(
  {
    id: 'filter/mirror-several',
    title:
      'Three mirrors of one rule each get every call, on the port that they name, also when one is missing later, and of two each the part that it asks for',
    support: 'extended',
    clauses: [
      'filter-mirror-repeatable',
      'filter-mirror-copies-calls',
      'filter-mirror-percent',
      'filter-mirror-percent-zero',
      'filter-mirror-fraction',
      'filter-mirror-backend-missing-status',
      'filter-mirror-backend-missing-primary-ok',
      'filter-mirror-message',
    ],
    backends: ['v1', 'copy-a', 'copy-b', 'copy-c'],
  },
  async (t) => {
    // Nobody listens on its first port.
    await pointPortsTo(t, 'two-ports', { other: 9, grpc: 9000 }, 'copy-c');
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-thrice', 'a second RequestMirror'))) return;
    await t.callMust({ host }, { backend: 'v1' });

    const nonce = `${t.nonce}-all`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': nonce } }, { backend: 'v1' }, times);
    for (const mirror of ['copy-a', 'copy-b', 'copy-c']) {
      const copies = await t.seenBy(mirror, nonce, { atLeast: times });
      await t.check(
        `${mirror} has each call once`,
        () => {
          expect(copies).to.have.length(times);
        },
        'routed',
      );
    }

    if (await acceptedOrDeclined(t, 'mirrored-in-part', 'a RequestMirror with a percentage')) {
      const unequal = { host, method: probeTwo };
      await t.callMust(unequal, { backend: 'v1' });
      const parts = `${t.nonce}-parts`;
      const metadata = { 'x-routeproof-nonce': parts };
      await t.callMustAlways({ ...unequal, metadata }, { backend: 'v1' }, times);
      const all = await t.seenBy('copy-b', parts, { atLeast: times });
      const none = [...(await t.seenBy('copy-a', parts)), ...(await t.seenBy('copy-c', parts))];
      await t.check(
        'the mirror beside those of 0 percent and no tenth has each call once, and they have none',
        () => {
          expect([all.length, none.length]).to.deep.equal([times, 0]);
        },
        'routed',
      );
    }

    // Each of them may be missing, also the last one.
    await t.remove({ kind: 'Service', name: 'two-ports' });
    await t.routeMustHaveCondition('mirrored-thrice', { type: 'ResolvedRefs', status: 'False' });
    await t.check(
      'the message names the Service',
      async () => {
        const route = await t.get({ kind: 'GRPCRoute', name: 'mirrored-thrice' });
        const resolvedRefs = currentConditions(t, route).find(({ type }) => type === 'ResolvedRefs');
        expect(resolvedRefs?.message).to.contain('two-ports');
      },
      'status',
    );
    await t.barrier();
    const left = `${t.nonce}-left`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': left } }, { backend: 'v1' }, times);
    for (const mirror of ['copy-a', 'copy-b']) {
      const copies = await t.seenBy(mirror, left, { atLeast: times });
      await t.check(
        `${mirror} goes on getting each call once`,
        () => {
          expect(copies).to.have.length(times);
        },
        'routed',
      );
    }
  },
);
