import { expect, scenario, type KubernetesObject } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Gateway, GatewayClass, Route } from '../shapes.ts';
import { audited } from '../others-status.ts';
import { patchStatus } from '../status-patch.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';
import { programmedOrNot } from './programmed-or-not.ts';

const featuresOf = ({ status }: GatewayClass): string[] =>
  (status?.supportedFeatures ?? []).map(({ name }) => name);

const late = { kind: 'GatewayClass', name: 'late' };

/** Names of other controllers, by the class that has each. The domain may have no capital letter. */
function near(controllerName: string): Record<string, string> {
  const path = controllerName.slice(controllerName.indexOf('/'));
  const capitals = path.toUpperCase();
  return {
    'nearly-ours': `${controllerName}-2`,
    ...(capitals !== path && { 'in-capitals': controllerName.replace(path, capitals) }),
  };
}

scenario(
  {
    id: 'gateway/classes',
    title:
      'A class of any name with our controllerName is served, also when it comes late; foreign ones are left alone',
    support: 'core',
    clauses: [
      'class-accepted-true',
      'class-accepted-decided',
      'class-foreign-ignored',
      'class-default-pending',
      'class-parametersref-invalid',
      'class-observedgeneration-current',
      'status-foreign-conditions-kept',
      'status-lasttransitiontime-set',
      'status-lasttransitiontime-stable',
      'class-supportedfeatures-published',
      'class-supportedfeatures-sorted',
      'gateway-class-must-be-accepted',
      'gateway-foreign-class-ignored',
      'gateway-default-pending-conditions',
      'parentref-foreign-class-no-entry',
      'parentref-multiple-gateways-independent',
      'status-entry-per-parentref',
    ],
    guards: ['envoyproxy/gateway#4587'],
    backends: ['v1', 'v2'],
    manifests: ['classes.yaml', 'classes.late.yaml'],
  },
  async (t) => {
    for (const [name, controllerName] of Object.entries(near(t.controllerName)))
      await t.applyObjects({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        metadata: { name },
        spec: { controllerName },
      } as KubernetesObject);
    await t.apply();
    await t.barrier({ gateway: 'routeproof-base/shared' });
    const pending = async (name: string): Promise<void> => {
      const gateway = await t.get<Gateway>({ kind: 'Gateway', name });
      for (const type of ['Accepted', 'Programmed']) {
        expect(conditionOf(gateway.status?.conditions, type), type).to.include({
          status: 'Unknown',
          reason: 'Pending',
        });
      }
      expect(gateway.status?.addresses ?? []).to.deep.equal([]);
    };
    await t.check(
      'nothing is done for a missing class or a foreign one',
      async () => {
        await pending('early');
        await pending('of-foreign-class');
      },
      'status',
    );

    const refusedForParameters = (): Promise<GatewayClass> =>
      t.until<GatewayClass>(
        { kind: 'GatewayClass', name: 'with-parameters' },
        'parameters of an unknown kind are refused',
        ({ metadata, status }) => {
          const condition = conditionOf(status?.conditions, 'Accepted');
          return (
            condition?.status === 'False' &&
            condition.reason === 'InvalidParameters' &&
            condition.observedGeneration === metadata?.generation
          );
        },
      );
    await refusedForParameters();
    // A class of the same name is another one, and gets a verdict of its own.
    await t.remove({ kind: 'GatewayClass', name: 'with-parameters' });
    await t.apply();
    await refusedForParameters();

    // Watched from the start: what is written after its acceptance comes too late.
    const [accepted] = await Promise.all([
      t.until<GatewayClass>(
        late,
        'the class is Accepted',
        ({ status }) => conditionOf(status?.conditions, 'Accepted')?.status === 'True',
      ),
      t.apply('classes.late.yaml'),
    ]);
    // Where the class under test lists none, gateway/supported-features says so.
    const tested = await t.get<GatewayClass>({ kind: 'GatewayClass', name: t.gatewayClass });
    await t.check(
      'the class is accepted at its generation, with its features',
      () => {
        if (tested.status?.supportedFeatures !== undefined)
          expect(featuresOf(accepted)).not.to.deep.equal([]);
        expect(featuresOf(accepted)).to.deep.equal(featuresOf(accepted).toSorted());
        const condition = conditionOf(accepted.status?.conditions, 'Accepted');
        expect(condition).to.include({
          reason: 'Accepted',
          observedGeneration: accepted.metadata?.generation,
        });
      },
      'status',
    );
    const ages = await backdate(t, late);
    const described = await t.update<GatewayClass>(late, ({ spec }) =>
      Object.assign(spec, { description: 'for late comers' }),
    );
    const followed = await t.until<GatewayClass>(
      late,
      'every condition follows the generation',
      ({ status }) =>
        (status?.conditions ?? []).every(
          ({ observedGeneration }) => observedGeneration === described.metadata?.generation,
        ),
      'status',
    );
    await t.check(
      'it is accepted since it was, whatever else is written of it, and so with all that its conditions say',
      () =>
        timesMustHaveStayed(
          t,
          followed,
          ages,
          [...ages].flatMap(([type, { status }]) =>
            type.includes('/') || status === 'Unknown' ? [] : [type],
          ),
        ),
      'status',
    );
    await patchStatus(t, { kind: 'GatewayClass', name: described.metadata?.name ?? '' }, [
      { op: 'add', path: '/status/conditions/-', value: audited },
    ]);
    const again = await t.update<GatewayClass>(late, ({ spec }) =>
      Object.assign(spec, { description: 'for late comers and others' }),
    );
    const judged = await t.until<GatewayClass>(
      late,
      'the verdict follows the generation',
      ({ status }) =>
        conditionOf(status?.conditions, 'Accepted')?.observedGeneration === again.metadata?.generation,
      'status',
    );
    await t.check(
      'its conditions have a time, and the foreign one and the features are as they were',
      () => {
        expect(featuresOf(judged)).to.deep.equal(featuresOf(accepted));
        const { conditions = [] } = judged.status ?? {};
        expect(conditionOf(conditions, audited.type)).to.deep.equal(audited);
        for (const { type, lastTransitionTime } of conditions)
          expect(Date.parse(lastTransitionTime), type).to.be.greaterThan(Date.parse('2020-01-01T00:00:00Z'));
      },
      'status',
    );
    await t.gatewayMustBeProgrammed('early');
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ gateway: 'early', host: 'rpc.example.com' }, { backend: 'v1' });

    // GEP-1762 has what is made for each of these two called alike. Whichever is served has its own.
    for (const [gateway, backend] of [
      ['edge-north', 'v1'],
      ['edge', 'v2'],
    ] as const) {
      if (!(await programmedOrNot(t, gateway))) continue;
      await t.gatewayMustBeProgrammed(gateway);
      await t.callMust({ gateway, host: `${gateway}.example.com` }, { backend });
    }

    // A route may have Gateways of several classes of ours, and of others beside them.
    const shared = { name: 'shared', namespace: 'routeproof-base' };
    await t.update<Route>({ kind: 'GRPCRoute', name: 'rpc' }, ({ spec }) => {
      const ours = [{ ...shared, namespace: t.namespace(shared.namespace) }, { name: 'early' }];
      spec.parentRefs = [{ name: 'of-foreign-class' }, ...ours];
    });
    for (const parent of [shared, { name: 'early' }])
      await t.routeMustHaveCondition('rpc', { type: 'Accepted', status: 'True' }, { parent });
    for (const gateway of ['routeproof-base/shared', 'early'])
      await t.callMust({ gateway, host: 'rpc.example.com' }, { backend: 'v1' });
    await t.routeMustHaveNoParent('rpc', { parent: { name: 'of-foreign-class' } });
    await t.check(
      'it has an entry for each of ours',
      async () => {
        const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'rpc' });
        const names = entriesOf(route, t.controllerName).map(({ parentRef }) => parentRef.name);
        expect(names).to.have.members(['shared', 'early']);
      },
      'status',
    );

    await t.check(
      'the foreign classes, the Gateway of one and its route are as they were',
      async () => {
        for (const name of ['foreign', ...Object.keys(near(t.controllerName))]) {
          const { status } = await t.get<GatewayClass>({ kind: 'GatewayClass', name });
          expect(conditionOf(status?.conditions, 'Accepted'), name).to.include({
            status: 'Unknown',
            reason: 'Pending',
          });
          expect(status?.supportedFeatures ?? [], name).to.deep.equal([]);
        }
        await pending('of-foreign-class');
      },
      'status',
    );
    await t.routeMustHaveNoParent('foreign-rpc');
  },
);
