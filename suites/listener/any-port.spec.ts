import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const host = 'rpc.example.com';
const edge = { kind: 'Gateway', name: 'edge' };

/** Undefined until the listener is either Programmed or not Accepted. */
function outcome(gateway: Gateway, name: string): 'serves' | 'refused' | undefined {
  const conditions = listenerOf(gateway, name)?.conditions;
  const isAt = (type: string, status: string): boolean => {
    const condition = conditionOf(conditions, type);
    return condition?.status === status && condition.observedGeneration === gateway.metadata?.generation;
  };
  if (isAt('Accepted', 'False')) return 'refused';
  return isAt('Accepted', 'True') && isAt('Programmed', 'True') ? 'serves' : undefined;
}

scenario(
  {
    id: 'listener/any-port',
    title: 'A listener serves on any port, or says that the port is not to be had',
    support: 'core',
    clauses: ['listener-port-unavailable', 'listener-accepted-true', 'listener-programmed-true'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.listenerMustHaveCondition('edge', 'http', { type: 'Programmed', status: 'True' });
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host }, { backend: 'v1' });
    const gateway = await t.until<Gateway>(edge, 'each listener is Programmed or not Accepted', (now) =>
      now.spec.listeners.every(({ name }) => outcome(now, name) !== undefined),
    );
    for (const { name, port } of gateway.spec.listeners) {
      if (outcome(gateway, name) === 'serves') {
        await t.callMust({ host, port }, { backend: 'v1' });
        continue;
      }
      const accepted = conditionOf(listenerOf(gateway, name)?.conditions, 'Accepted');
      t.note(`port ${port} is refused: ${accepted?.message ?? ''}`);
      await t.check(
        `listener ${name} is refused with reason PortUnavailable and reaches no backend`,
        async () => {
          expect(accepted?.reason).to.equal('PortUnavailable');
          expect((await t.call({ host, port })).backend).to.equal(undefined);
        },
        'status',
      );
    }
  },
);
