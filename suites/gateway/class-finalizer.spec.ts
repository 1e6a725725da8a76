import { expect, scenario, type KubernetesObject } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway, GatewayClass } from '../shapes.ts';
import { mustBeJudged } from './must-be-judged.ts';

const finalizer = 'gateway-exists-finalizer.gateway.networking.k8s.io';
const othersFinalizer = 'routeproof.dev/test';
const held = { kind: 'GatewayClass', name: 'held' };

scenario(
  {
    id: 'gateway/class-finalizer',
    title:
      'A class that Gateways use carries a finalizer, beside those of others, and goes when the last one is deleted or has another class; made again under its name, it is whose its controllerName says',
    support: 'core',
    clauses: [
      'class-finalizer',
      'class-accepted-true',
      'class-foreign-ignored',
      'gateway-foreign-class-ignored',
      'gateway-class-must-be-accepted',
      'gateway-observedgeneration-current',
    ],
  },
  async (t) => {
    await t.apply();
    const isHeld = ({ metadata }: GatewayClass): boolean =>
      metadata?.finalizers?.includes(finalizer) ?? false;
    const { metadata } = await t.until<GatewayClass>(held, `the finalizer ${finalizer}`, isHeld, 'status');
    // None can be added once the class is to go.
    await t.update<GatewayClass>(held, (object) => {
      if (object.metadata !== undefined)
        object.metadata.finalizers = [...(object.metadata.finalizers ?? []), othersFinalizer];
    });
    const isWithOthers = ({ metadata }: GatewayClass): boolean =>
      metadata?.finalizers?.includes(othersFinalizer) ?? false;
    const withoutOthers = (): Promise<GatewayClass> =>
      t.update<GatewayClass>(held, (object) => {
        if (object.metadata?.finalizers !== undefined)
          object.metadata.finalizers = object.metadata.finalizers.filter((each) => each !== othersFinalizer);
      });
    const letGo = async (): Promise<void> => {
      // Nobody else will take it off, and the class would stay for good.
      const none = JSON.stringify({ metadata: { finalizers: null } });
      await t
        .kubectl(['patch', 'gatewayclass', metadata?.name ?? '', '--type=merge', '-p', none])
        .catch(() => undefined);
    };
    let user;
    let gone;
    try {
      const { exitCode, stderr } = await t.kubectl([
        'delete',
        'gatewayclass',
        metadata?.name ?? '',
        '--wait=false',
      ]);
      await t.check('the class takes its deletion', () => expect(exitCode, stderr).to.equal(0), 'apply');
      await t.until<GatewayClass>(
        held,
        'marked as deleted, and still there for its Gateway',
        (object) => object.metadata?.deletionTimestamp !== undefined && isHeld(object),
        'status',
      );
      await mustBeJudged(t, 'other');
      await t.update<Gateway>({ kind: 'Gateway', name: 'other' }, ({ spec }) => {
        spec.infrastructure = { labels: { edited: 'yes' } };
      });
      await mustBeJudged(t, 'other');
      user = await t.get<Gateway>({ kind: 'Gateway', name: 'user' });
      await t.remove({ kind: 'Gateway', name: 'user' });
      await t.barrier({ gateway: 'routeproof-base/shared' });
      await t.until<GatewayClass>(held, 'still there for its other Gateway', isHeld, 'status');
      gone = t.remove(held).then(() => 'gone', String);
      await t.update<Gateway>({ kind: 'Gateway', name: 'other' }, ({ spec }) => {
        spec.gatewayClassName = t.gatewayClass;
      });
      await t.until<GatewayClass>(
        held,
        "let go with the last Gateway, and still there for others' sake",
        (object) => !isHeld(object) && isWithOthers(object),
        'status',
      );
      await withoutOthers();
    } catch (error) {
      await letGo();
      throw error;
    }
    const end = await gone;
    await t.check('the class goes once no Gateway uses it', () => expect(end).to.equal('gone'), 'status');

    // A class made again may be of another controller, and of this one once more.
    const ofController = (controllerName: string, finalizers: string[] = []) =>
      ({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: held.kind,
        metadata: { name: held.name, finalizers },
        spec: { controllerName },
      }) as KubernetesObject;
    const again = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'user' },
      spec: user.spec,
    } as KubernetesObject;
    await t.applyObjects(ofController('example.org/another-controller'), again);
    await t.barrier({ gateway: 'routeproof-base/shared' });
    await t.check(
      'nothing is done for a class that is foreign now, nor for its Gateway',
      async () => {
        for (const { status } of [
          await t.get<GatewayClass>(held),
          await t.get<Gateway>({ kind: 'Gateway', name: 'user' }),
        ])
          expect(conditionOf(status?.conditions, 'Accepted')).to.include({
            status: 'Unknown',
            reason: 'Pending',
          });
      },
      'status',
    );
    await t.remove(held);
    // Others may have taken hold of it first.
    try {
      await t.applyObjects(ofController(t.controllerName, [othersFinalizer]));
      await t.until<GatewayClass>(
        held,
        'the class is Accepted, and held for its Gateway beside others',
        (object) =>
          conditionOf(object.status?.conditions, 'Accepted')?.status === 'True' &&
          isHeld(object) &&
          isWithOthers(object),
        'status',
      );
      await withoutOthers();
    } catch (error) {
      await letGo();
      throw error;
    }
    await mustBeJudged(t, 'user');
  },
);
