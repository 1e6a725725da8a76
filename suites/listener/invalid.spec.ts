import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf, listenerOf } from '../shapes.ts';
import type { Gateway, Route } from '../shapes.ts';

const verdictOn = (t: Scenario, route: Route): string | undefined =>
  conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'Accepted')?.status;
const invalidKinds = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidRouteKinds' } as const;

async function unknownProtocolServesNothing(t: Scenario): Promise<void> {
  // A load balancer may swallow what is sent to a port that nobody serves.
  const { backend } = await t.call({ host: 'everywhere.example.com', port: 8083, deadlineMs: 5000 });
  await t.check(
    'the listener of an unknown protocol serves nothing',
    () => expect(backend).to.equal(undefined),
    'routed',
  );
}

scenario(
  {
    id: 'listener/invalid',
    title: 'Listeners with unknown kinds or protocols are reported one by one while the valid one serves',
    support: 'core',
    clauses: [
      'listener-kinds-invalid-only',
      'listener-kinds-core-group',
      'listener-kinds-mixed',
      'listener-kinds-grpcroute-accepted',
      'listener-unsupported-protocol',
      'listener-grpc-protocol-nonexistent',
      'listener-invalid-serves-nothing',
      'tls-passthrough-not-for-grpcroute',
      'gateway-listenersnotvalid-some-valid',
      'gateway-listener-observedgeneration-current',
      'status-reason-message-nonempty',
    ],
    guards: [
      'Kong/kubernetes-ingress-controller#5268',
      'kubernetes-sigs/gateway-api#5147',
      'cilium/cilium#46917',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['over-tls.example.com']);
    await t.apply();
    await t.listenerMustHaveCondition('edge', 'good', {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
    });
    for (const listener of ['unknown-kind', 'mixed-kinds', 'mixed-over-tls'])
      await t.listenerMustHaveCondition('edge', listener, invalidKinds);
    await t.listenerMustHaveCondition('edge', 'grpc-protocol', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedProtocol',
    });
    await t.routeMustHaveCondition('sealed', {
      type: 'Accepted',
      status: 'False',
      reason: ['NotAllowedByListeners', 'NoMatchingParent'],
    });
    // A kind of another group is another kind, whatever its name.
    await t.routeMustHaveCondition('to-unknown-kind', {
      type: 'Accepted',
      status: 'False',
      reason: ['NotAllowedByListeners', 'NoMatchingParent'],
    });
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'everywhere.example.com' }, { backend: 'v1' });
    await t.barrier({ listener: 'good' });
    await t.implied(['listener-invalid-serves-nothing'], () => unknownProtocolServesNothing(t));
    const judged = await t.until<Route>(
      { kind: 'GRPCRoute', name: 'to-mixed-kinds' },
      'a verdict on the route of the listener that allows its kind beside an unknown one',
      (route) => /^(True|False)$/.test(verdictOn(t, route) ?? ''),
    );
    if (verdictOn(t, judged) === 'True')
      await t.callMust({ host: 'mixed-kinds.example.com', port: 8082 }, { backend: 'v1' });

    await t.implied(['listener-kinds-core-group'], async () => {
      await t.listenerMustHaveCondition('edge', 'core-kind', invalidKinds);
    });
    const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
    await t.check(
      'supportedKinds names what is supported only',
      () => {
        const kinds = (name: string) =>
          listenerOf(gateway, name)?.supportedKinds?.map(({ kind }) => kind) ?? [];
        expect(kinds('unknown-kind')).to.deep.equal([]);
        for (const name of ['mixed-kinds', 'mixed-over-tls'])
          expect(kinds(name), name).to.deep.equal(['GRPCRoute']);
        expect(kinds('passthrough')).not.to.include('GRPCRoute');
      },
      'status',
    );
    await t.check(
      'the Gateway says ListenersNotValid, every listener is at the current generation, and what is wrong has a message',
      () => {
        expect(conditionOf(gateway.status?.conditions, 'Accepted')).to.include({
          status: 'True',
          reason: 'ListenersNotValid',
        });
        for (const listener of gateway.status?.listeners ?? []) {
          for (const condition of listener.conditions) {
            if (condition.status === 'False')
              expect(condition.message, `${listener.name} ${condition.type}`).not.to.equal('');
            expect(condition.observedGeneration, `${listener.name} ${condition.type}`).to.equal(
              gateway.metadata?.generation,
            );
          }
        }
      },
      'status',
    );

    const edited = await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.infrastructure = { labels: { edited: 'yes' } };
      for (const { name, allowedRoutes } of spec.listeners)
        if (name === 'unknown-kind' && allowedRoutes !== undefined)
          allowedRoutes.kinds = [{ kind: 'GRPCRoute' }];
    });
    await t.until<Gateway>(
      { kind: 'Gateway', name: 'edge' },
      'what is wrong with listeners is at the generation of the edit',
      ({ status }) =>
        (status?.listeners ?? []).every(({ conditions }) =>
          conditions.every(({ observedGeneration }) => observedGeneration === edited.metadata?.generation),
        ),
      'status',
    );
    // Kinds that are mended are kinds like others.
    await t.listenerMustHaveCondition('edge', 'unknown-kind', { type: 'ResolvedRefs', status: 'True' });
    await t.listenerMustHaveCondition('edge', 'mixed-kinds', invalidKinds);
    await t.routeMustBeAccepted('to-unknown-kind');
    await t.callMust({ host: 'unknown-kind.example.com', port: 8081 }, { backend: 'v1' });
    // Nor later, once the edit of its neighbour is served.
    await t.implied(['listener-invalid-serves-nothing'], () => unknownProtocolServesNothing(t));
  },
);
