import { expect, scenario } from '../../harness/index.ts';
import type { Gateway, GatewayClass } from '../shapes.ts';

const finalizer = 'gateway-exists-finalizer.gateway.networking.k8s.io';
const held = { kind: 'GatewayClass', name: 'held' };

scenario(
  {
    id: 'gateway/class-finalizer',
    title:
      'A class that Gateways use carries a finalizer, and goes when the last one is deleted or has another class',
    support: 'core',
    clauses: ['class-finalizer'],
  },
  async (t) => {
    await t.apply();
    const isHeld = ({ metadata }: GatewayClass): boolean =>
      metadata?.finalizers?.includes(finalizer) ?? false;
    const { metadata } = await t.until<GatewayClass>(held, `the finalizer ${finalizer}`, isHeld, 'status');

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
    await t.remove({ kind: 'Gateway', name: 'user' });
    await t.barrier({ gateway: 'routeproof-base/shared' });
    await t.until<GatewayClass>(held, 'still there for its other Gateway', isHeld, 'status');
    const gone = t.remove(held).then(() => 'gone', String);
    await t.update<Gateway>({ kind: 'Gateway', name: 'other' }, ({ spec }) => {
      spec.gatewayClassName = t.gatewayClass;
    });
    const end = await gone;
    await t.check('the class goes once no Gateway uses it', () => expect(end).to.equal('gone'), 'status');
  },
);
