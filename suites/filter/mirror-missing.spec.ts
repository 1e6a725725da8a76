import { expect, scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/mirror-missing',
    title: 'A mirror to a missing Service, or to what is no Service, is shown in status, and the calls go on',
    support: 'extended',
    clauses: [
      'filter-mirror-backend-missing-status',
      'filter-mirror-backend-missing-primary-ok',
      'filter-mirror-message',
    ],
    backends: ['v1', 'copy'],
    guards: ['envoyproxy/gateway#6874'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('mirrored-to-missing', { type: 'ResolvedRefs', status: 'False' });
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' });

    const route = await t.get({ kind: 'GRPCRoute', name: 'mirrored-to-missing' });
    const resolvedRefs = currentConditions(t, route).find(({ type }) => type === 'ResolvedRefs');
    await t.check(
      'the message names the Service',
      () => {
        expect(resolvedRefs?.message).to.contain('missing');
      },
      'status',
    );
    t.note(`the reason is ${resolvedRefs?.reason ?? '?'}`);

    await t.routeMustHaveCondition('mirrored-to-nothing', { type: 'ResolvedRefs', status: 'False' });
    const nonce = `${t.nonce}-nothing`;
    const call = { host: 'nothing.example.com', metadata: { 'x-routeproof-nonce': nonce } };
    await t.callMust(call, { backend: 'v1' });
    await t.callMustAlways(call, { backend: 'v1' });
    const copies = await t.seenBy('copy', nonce);
    await t.check(
      'the Service whose name the mirror has gets no copy',
      () => {
        expect(copies).to.have.length(0);
      },
      'routed',
    );
  },
);
