import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { currentConditions } from '../optional-support.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/mirror-missing',
    title:
      'A mirror to a missing Service, or to what is no Service, is shown in status, the calls go on, and they are copied as long as it is there',
    support: 'extended',
    clauses: [
      'filter-mirror-backend-missing-status',
      'filter-mirror-backend-missing-primary-ok',
      'filter-mirror-message',
      'backend-recovers',
    ],
    backends: ['v1', 'copy'],
    guards: ['envoyproxy/gateway#6874', 'cilium/cilium#27956'],
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

    await t.routeMustHaveCondition('mirrored-without-port', { type: 'ResolvedRefs', status: 'False' });
    await t.callMust({ host: 'without-port.example.com' }, { backend: 'v1' });

    const ports = [{ name: 'grpc', port: 9000, appProtocol: 'kubernetes.io/h2c' }];
    const service: object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'missing' },
      spec: { ports },
    };
    await t.applyObjects(service);
    await pointTo(t, 'missing', 'copy');
    await t.implied(['backend-recovers'], async () => {
      await t.routeMustBeAccepted('mirrored-to-missing');
      await t.barrier();
      const late = `${t.nonce}-late`;
      await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': late } }, { backend: 'v1' });
      const copied = await t.seenBy('copy', late, { atLeast: 1 });
      await t.check(
        'the Service that was missing gets copies',
        () => {
          expect(copied).not.to.have.length(0);
        },
        'routed',
      );
    });

    const calls = steadyCalls(t, { host }, 1);
    await t.remove({ kind: 'Service', name: 'missing' });
    await t.routeMustHaveCondition('mirrored-to-missing', { type: 'ResolvedRefs', status: 'False' });
    await t.barrier();
    await t.callMustAlways({ host }, { backend: 'v1' });
    const results = await calls.stop();
    await t.check(
      'no call is lost when it goes again',
      () => expect(lost(results)).to.deep.equal([]),
      'routed',
    );
  },
);
