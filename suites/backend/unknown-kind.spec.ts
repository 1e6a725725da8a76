import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const invalidKind = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidKind' } as const;
const unserved = { status: 'UNAVAILABLE', backend: null };

scenario(
  {
    id: 'backend/unknown-kind',
    title:
      'A backendRef of an unknown kind or group is InvalidKind and answers UNAVAILABLE, even if a Service has its name',
    support: 'core',
    clauses: [
      'backend-invalid-kind-status',
      'backend-invalid-group-status',
      'backend-invalid-kind-message',
      'backend-invalid-kind-unavailable',
      'backend-invalid-keeps-accepted',
      'backend-invalid-other-rules-ok',
    ],
    backends: ['v1'],
    guards: ['cilium/cilium#27956', 'cilium/cilium#28716'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('unknown-kind', invalidKind);
    await t.routeMustHaveCondition('unknown-group', invalidKind);
    await t.routeMustHaveCondition('core-kind', invalidKind);
    await t.routeMustHaveCondition('without-port', invalidKind);
    await t.routeMustHaveCondition('unknown-kind', { type: 'Accepted', status: 'True' });
    await t.callMust(
      { host: 'unknown-group.example.com', method: 'routeproof.v1.ProbeTwo/Unary' },
      { backend: 'v1' },
    );
    await t.callMust({ host: 'unknown-kind.example.com' }, unserved);
    await t.callMustAlways({ host: 'unknown-kind.example.com' }, unserved);
    await t.callMustAlways({ host: 'unknown-group.example.com' }, unserved);
    await t.callMust({ host: 'core-kind.example.com' }, unserved);
    await t.callMustAlways({ host: 'core-kind.example.com' }, unserved);
    await t.callMust(
      { host: 'without-port.example.com', method: 'routeproof.v1.ProbeTwo/Unary' },
      { backend: 'v1' },
    );
    await t.callMust({ host: 'without-port.example.com' }, unserved);
    await t.callMustAlways({ host: 'without-port.example.com' }, unserved);

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'unknown-kind' });
    await t.check(
      'the message names the kind',
      () => {
        const condition = conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'ResolvedRefs');
        expect(condition?.message).to.contain('Bucket');
      },
      'status',
    );
  },
);
