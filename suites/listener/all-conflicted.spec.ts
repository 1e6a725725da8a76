import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { listenersMustNotBeAccepted } from './not-accepted.ts';

scenario(
  {
    id: 'listener/all-conflicted',
    title: 'A Gateway whose only listeners conflict is refused as a whole, and says which ones they are',
    support: 'core',
    clauses: [
      'listener-conflicted-all-rejects-gateway',
      'listener-conflicted-message',
      'listener-conflicted-condition',
      'listener-conflicted-gateway-reason',
      'listener-conflicted-protocol-reason',
    ],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['secure.example.com']);
    await t.apply();
    for (const listener of ['plain', 'secure'])
      await t.listenerMustHaveCondition('edge', listener, { type: 'Conflicted', status: 'True' });
    await listenersMustNotBeAccepted(t, 'edge', ['plain', 'secure']);
    await t.gatewayMustHaveCondition('edge', {
      type: 'Accepted',
      status: 'False',
      reason: 'ListenersNotValid',
    });
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'False' });
    const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
    await t.check(
      'the message names both listeners',
      () => {
        const message = conditionOf(gateway.status?.conditions, 'Accepted')?.message;
        expect(message).to.contain('plain').and.to.contain('secure');
      },
      'status',
    );
    for (const listener of ['plain', 'secure'])
      await t.listenerMustHaveCondition('edge', listener, {
        type: 'Conflicted',
        status: 'True',
        reason: 'ProtocolConflict',
      });
  },
);
