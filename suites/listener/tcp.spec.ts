import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };

scenario(
  {
    id: 'listener/tcp',
    title: 'TCP shares its port with no other protocol and takes no GRPCRoute',
    support: 'core',
    clauses: [
      'listener-tcp-shares-port',
      'listener-kinds-incompatible-protocol',
      'listener-unsupported-protocol',
      'parentref-protocol-not-supported',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    const conditions = (gateway: Gateway, listener: string): ConditionStatus[] =>
      listenerOf(gateway, listener)?.conditions ?? [];
    const gateway = await t.until<Gateway>(
      ref,
      'every listener has been judged at the current generation',
      (object) =>
        object.spec.listeners.every(({ name }) => {
          const judged = conditions(object, name);
          return (
            judged.length > 0 &&
            judged.every(
              ({ status, observedGeneration }) =>
                status !== 'Unknown' && observedGeneration === object.metadata?.generation,
            )
          );
        }),
      'status',
    );
    const accepted = (listener: string) => conditionOf(conditions(gateway, listener), 'Accepted');
    const withTcp = accepted('raw')?.reason !== 'UnsupportedProtocol';
    if (!withTcp) t.note('TCP is not supported, and its listeners say so');
    await t.check(
      withTcp ? 'neither HTTP nor TCP is taken on the port that they share' : 'TCP is not taken',
      () => {
        for (const name of withTcp ? ['raw', 'plain'] : ['raw']) {
          expect(accepted(name)?.status, name).not.to.equal('True');
          expect(conditionOf(conditions(gateway, name), 'Programmed')?.status, name).not.to.equal('True');
        }
      },
      'status',
    );
    // Whether what is not supported can be in conflict is not said.
    if (conditionOf(conditions(gateway, 'plain'), 'Conflicted')?.status === 'True')
      t.note('The HTTP listener is in conflict with the one that is not supported.');
    else if (!withTcp) {
      // Where it is in none, it is in nobody's way.
      await t.listenerMustHaveCondition('edge', 'plain', { type: 'Accepted', status: 'True' });
      await t.routeMustBeAccepted('plain');
      await t.callMust({ host: 'plain.example.com', port: 9000 }, { backend: 'v1' });
    }
    await t.check(
      'GRPCRoute on TCP is an invalid kind, or TCP an unsupported protocol',
      () => {
        const resolved = conditionOf(conditions(gateway, 'grpc-on-tcp'), 'ResolvedRefs');
        const invalid = resolved?.status === 'False' && resolved.reason === 'InvalidRouteKinds';
        const unsupported = accepted('grpc-on-tcp')?.reason === 'UnsupportedProtocol';
        expect(invalid || unsupported, JSON.stringify(listenerOf(gateway, 'grpc-on-tcp'))).to.equal(true);
        const kinds = listenerOf(gateway, 'grpc-on-tcp')?.supportedKinds ?? [];
        expect(kinds.map(({ kind }) => kind)).not.to.include('GRPCRoute');
      },
      'status',
    );
    await t.routeMustHaveCondition('rpc', { type: 'Accepted', status: 'False' });
  },
);
