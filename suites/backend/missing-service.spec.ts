import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';
import { unavailable } from '../expected.ts';

const toGhost = { host: 'checkout.example.com' };
const toV1 = { host: 'checkout.example.com', method: 'routeproof.v1.ProbeTwo/Unary' };

scenario(
  {
    id: 'backend/missing-service',
    title:
      'A rule whose Service does not exist answers UNAVAILABLE and says so in status; the other rules serve',
    support: 'core',
    clauses: [
      'backend-not-found-status',
      'backend-not-found-message',
      'backend-all-invalid-unavailable',
      'backend-error-code-is-unavailable',
      'backend-invalid-keeps-accepted',
      'backend-invalid-other-rules-ok',
      'grpcroute-no-fallthrough-on-error',
      'backend-group-kind-default-service',
    ],
    guards: ['aws/aws-application-networking-k8s#544', 'envoyproxy/gateway#7483'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.callMust(toV1, { backend: 'v1' });
    // What happens to one call in 50 shows among 150 with probability 1 - 0.98^150 = 95 %.
    await t.callMustAlways(toGhost, unavailable, 150);
    await t.callMustAlways(toV1, { backend: 'v1' });
    await t.callMust({ ...toV1, tls: true }, { backend: 'v1' });
    await t.callMustAlways({ ...toGhost, tls: true }, unavailable, 3);
    await t.callMust({ ...toV1, host: 'new.checkout.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'new.checkout.example.com' }, unavailable, 3);

    // A caller goes on sending until it is told.
    const stream = await t.openStream({ ...toGhost, deadlineMs: 10_000 });
    const end = await stream.ended;
    await t.check(
      'a stream is answered UNAVAILABLE while its caller may still send',
      () => expect(end.status).to.equal(14),
      'routed',
    );

    const ref = { kind: 'GRPCRoute', name: 'checkout' };
    const message = (object: Route) =>
      conditionOf(entriesOf(object, t.controllerName)[0]?.conditions, 'ResolvedRefs')?.message;
    const route = await t.get<Route>(ref);
    await t.check(
      'the message names the missing Service',
      () => {
        expect(message(route)).to.contain('ghost');
      },
      'status',
    );
    await t.check(
      'group and kind of a backendRef default to the core Service',
      () => {
        expect(route.spec.rules?.[0]?.backendRefs?.[0]).to.include({ group: '', kind: 'Service' });
      },
      'apply',
    );

    await t.update<Route>(ref, ({ spec }) => {
      for (const { backendRefs = [] } of spec.rules ?? [])
        for (const backend of backendRefs) if (backend.name === 'ghost') backend.name = 'phantom';
    });
    await t.until<Route>(
      ref,
      'the message names the Service that is missing now',
      (object) => message(object)?.includes('phantom') === true,
      'status',
    );
    await t.barrier();
    await t.callMustAlways(toGhost, unavailable);
  },
);
