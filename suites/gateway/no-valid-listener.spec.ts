import { scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';

scenario(
  {
    id: 'gateway/no-valid-listener',
    title: 'A Gateway without a valid listener is refused as a whole, and serves once its listener is mended',
    support: 'core',
    clauses: [
      'gateway-listenersnotvalid-none-valid',
      'gateway-summary-conditions-always-present',
      'listener-unsupported-protocol',
      'parentref-protocol-not-supported',
    ],
    guards: ['Kong/kubernetes-ingress-controller#5411'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustHaveCondition('edge', {
      type: 'Accepted',
      status: 'False',
      reason: 'ListenersNotValid',
    });
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'False' });
    await t.routeMustHaveCondition('rpc', { type: 'Accepted', status: 'False' });

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const listener of spec.listeners) listener.protocol = 'HTTP';
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
