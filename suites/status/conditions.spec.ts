import { expect, scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { ConditionStatus, Gateway, Route } from '../shapes.ts';
import { patchStatus } from '../status-patch.ts';

const audited: ConditionStatus = {
  type: 'example.org/Audited',
  status: 'False',
  reason: 'NotYet',
  message: 'written by another party',
  observedGeneration: 1,
  lastTransitionTime: '2024-05-20T18:00:00Z',
};
const shared = { gateway: 'routeproof-base/shared' };
const standardTypes = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

scenario(
  {
    id: 'status/conditions',
    title:
      "Conditions carry reason and message, others' conditions are kept, and a newer verdict is not overwritten",
    support: 'core',
    clauses: [
      'status-accepted-present',
      'status-reason-message-nonempty',
      'status-custom-conditions-prefixed',
      'status-negative-only-when-true',
      'status-foreign-conditions-kept',
      'status-observedgeneration-no-regress',
      'gateway-observedgeneration-no-regress',
      'backend-not-found-status',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const conditions = async (name: string): Promise<ConditionStatus[]> => {
      const [entry] = entriesOf(await t.get<Route>({ kind: 'GRPCRoute', name }), t.controllerName);
      return entry?.conditions ?? [];
    };
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    await t.routeMustBeAccepted('ahead');
    for (const type of ['Accepted', 'Programmed'])
      await t.gatewayMustHaveCondition('ahead', { type, status: 'False' });
    await t.listenerMustHaveCondition('ahead', 'of-nobody', { type: 'Accepted', status: 'False' });
    await t.routeMustHaveCondition('refused', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingParent',
    });
    // That no listener takes it does not make its backend appear.
    await t.routeMustHaveCondition('refused', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust({ ...shared, host: 'checkout.example.com' }, { backend: 'v1' });
    await t.check(
      'both verdicts say why, own types have a domain, and what is negative is there only when true',
      async () => {
        for (const condition of [...(await conditions('checkout')), ...(await conditions('refused'))]) {
          expect(condition.reason, condition.type).to.match(/^[A-Za-z]/);
          // Of a condition that holds, metav1.Condition lets the message be empty.
          if (condition.status === 'False') expect(condition.message, condition.type).not.to.equal('');
          if (!standardTypes.includes(condition.type)) expect(condition.type).to.match(/^[a-z0-9.-]+\//);
          if (condition.type === 'PartiallyInvalid') expect(condition.status).to.equal('True');
        }
        for (const name of ['checkout', 'refused']) {
          const types = (await conditions(name)).map(({ type }) => type);
          expect(types, name).to.include.members(['Accepted', 'ResolvedRefs']);
        }
      },
      'status',
    );

    await patchStatus(t, { kind: 'GRPCRoute', name: 'checkout' }, [
      { op: 'add', path: '/status/parents/0/conditions/-', value: audited },
    ]);
    const future = [0, 1].map((at) => ({
      op: 'replace',
      path: `/status/parents/0/conditions/${String(at)}/observedGeneration`,
      value: 99,
    }));
    await patchStatus(t, { kind: 'GRPCRoute', name: 'ahead' }, future);
    const gateway = { kind: 'Gateway', name: 'ahead' };
    const { status: judged } = await t.get<Gateway>(gateway);
    const ofGateway = (judged?.conditions ?? []).flatMap(({ type }, at) => [
      { op: 'test', path: `/status/conditions/${String(at)}/type`, value: type },
      { op: 'replace', path: `/status/conditions/${String(at)}/observedGeneration`, value: 99 },
    ]);
    await patchStatus(t, gateway, ofGateway);
    await t.update<Gateway>(gateway, ({ spec }) => {
      for (const listener of spec.listeners) listener.port = 8080;
    });
    for (const name of ['v2', 'ghost']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
    }
    await t.remove({ kind: 'Service', name: 'v1' });
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust({ ...shared, host: 'ahead.example.com' }, unserved);
    await t.barrier(shared);
    await t.check(
      "another party's condition is as it was, and the verdict from the future too",
      async () => {
        expect(conditionOf(await conditions('checkout'), audited.type)).to.deep.equal(audited);
        for (const condition of await conditions('ahead')) {
          expect(condition, condition.type).to.include({ status: 'True', observedGeneration: 99 });
        }
      },
      'status',
    );
    await t.implied(['gateway-observedgeneration-no-regress'], () =>
      t.check(
        'so is that on a Gateway',
        async () => {
          const { status: now } = await t.get<Gateway>(gateway);
          for (const type of ['Accepted', 'Programmed'])
            expect(conditionOf(now?.conditions, type), type).to.include({
              status: 'False',
              observedGeneration: 99,
            });
        },
        'status',
      ),
    );
  },
);
