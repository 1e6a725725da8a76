import { expect, scenario } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import type { Gateway, GatewayClass } from '../shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const selector = 'gateway.networking.k8s.io/gateway-name=edge';

scenario(
  {
    id: 'gateway/moved',
    title:
      'A Gateway that moves to the class of another controller is served no more, nor is its status written, until it comes back',
    support: 'core',
    clauses: [
      'gateway-foreign-class-ignored',
      'parentref-foreign-class-no-entry',
      'gateway-accepted-true',
      'gateway-programmed-true',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    const address = await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    const foreign = await t.get<GatewayClass>({ kind: 'GatewayClass', name: 'foreign' });
    const moved = await t.update<Gateway>(ref, ({ spec }) => {
      spec.gatewayClassName = foreign.metadata?.name ?? '';
    });
    await t.callMust({ gateway: address, host: 'rpc.example.com' }, noListener);
    await t.routeMustHaveNoParent('rpc');
    const gone = await t.kubectl(['wait', '--for=delete', 'services', '-l', selector, '--timeout=30s']);
    await t.check(
      'the Service that was generated for it is deleted',
      () => expect(gone.exitCode, gone.stderr).to.equal(0),
      'programmed',
    );
    await t.check(
      'nothing is said of its new generation',
      async () => {
        const { status } = await t.get<Gateway>(ref);
        for (const { type, observedGeneration = 0 } of status?.conditions ?? []) {
          expect(observedGeneration, type).to.be.lessThan(moved.metadata?.generation ?? 0);
        }
      },
      'status',
    );

    await t.update<Gateway>(ref, ({ spec }) => {
      spec.gatewayClassName = t.gatewayClass;
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
