import { expect, scenario } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import { audited } from '../others-status.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { patchStatus } from '../status-patch.ts';
import { backdate, timesMustHaveMoved } from '../transition-times.ts';

const notValid = { type: 'Accepted', status: 'False', reason: 'ListenersNotValid' } as const;

scenario(
  {
    id: 'gateway/no-valid-listener',
    title:
      'A Gateway without a valid listener is refused as a whole, serves once its listener is mended, and is refused again, and serves no more, when it breaks',
    support: 'core',
    clauses: [
      'gateway-listenersnotvalid-none-valid',
      'gateway-summary-conditions-always-present',
      'listener-unsupported-protocol',
      'parentref-protocol-not-supported',
      'parentref-no-listener-accepts-detached',
      'gateway-foreign-conditions-kept',
      'status-lasttransitiontime-on-flip',
      'gateway-programmed-false-nothing-served',
    ],
    guards: ['Kong/kubernetes-ingress-controller#5411'],
    backends: ['v1'],
  },
  async (t) => {
    const edit = (protocol: string): Promise<Gateway> =>
      t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
        for (const listener of spec.listeners) listener.protocol = protocol;
      });
    await t.apply();
    await t.gatewayMustHaveCondition('edge', notValid);
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'False' });
    await t.routeMustHaveCondition('rpc', { type: 'Accepted', status: 'False' });

    const ages = await backdate(t, { kind: 'Gateway', name: 'edge' });
    await patchStatus(t, { kind: 'Gateway', name: 'edge' }, [
      { op: 'add', path: '/status/conditions/-', value: audited },
    ]);
    const foreignMustBeKept = ({ status }: Gateway): void => {
      expect(conditionOf(status?.conditions, audited.type)).to.deep.equal(audited);
    };
    await edit('HTTP');
    const address = await t.gatewayMustBeProgrammed('edge');
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    const mended = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
    await t.check(
      'the times of its own conditions have moved with their flip, and the foreign one is as it was',
      () => {
        timesMustHaveMoved(t, mended, ages, ['Accepted', 'Programmed']);
        foreignMustBeKept(mended);
      },
      'status',
    );
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });

    // What was accepted is not accepted for good.
    const served = await backdate(t, { kind: 'Gateway', name: 'edge' });
    await edit('GRPC');
    await t.gatewayMustHaveCondition('edge', notValid);
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'False' });
    await t.listenerMustHaveCondition('edge', 'only', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedProtocol',
    });
    const broken = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
    await t.check(
      'the times have moved with this flip too, and the foreign condition is as it was',
      () => {
        timesMustHaveMoved(t, broken, served, ['Accepted', 'Programmed', 'only Accepted']);
        foreignMustBeKept(broken);
      },
      'status',
    );
    await t.routeMustHaveCondition('rpc', { type: 'Accepted', status: 'False' });
    await t.callMust({ gateway: address, host: 'rpc.example.com' }, noListener);

    // One that is valid and waits for its certificate serves no more than that.
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const listener of spec.listeners)
        Object.assign(listener, { protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'no-such-cert' }] } });
    });
    await t.implied(['gateway-programmed-false-nothing-served'], () =>
      t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'False' }),
    );
  },
);
