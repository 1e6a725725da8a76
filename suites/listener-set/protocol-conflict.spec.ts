import { expect, scenario } from '../../harness/index.ts';
import {
  attachedSetsMustBe,
  entryMustBeConflicted,
  holds,
  setMustBeProgrammed,
  setMustBeRefused,
  setRef,
} from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

scenario(
  {
    id: 'listener-set/protocol-conflict',
    title:
      'HTTPS of a ListenerSet on the HTTP port of its Gateway loses and disturbs nobody; a clash within one ListenerSet is told too',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-protocol-conflict-conditions',
      'listenerset-some-invalid-accepted',
      'listenerset-all-invalid',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'secure-cert' }, ['secure.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const set of ['partly', 'wholly']) await entryMustBeConflicted(t, set, 'secure', 'ProtocolConflict');
    await setMustBeProgrammed(t, 'partly');
    await setMustBeRefused(t, 'wholly', 'ListenersNotValid');
    // Which of them wins, if any, is not said.
    await t.until<ListenerSet>(
      setRef('within'),
      'plain or secure is Conflicted=True/ProtocolConflict, and neither Accepted nor Programmed',
      ({ metadata, status }) =>
        (status?.listeners ?? []).some(({ conditions }) =>
          [
            { type: 'Conflicted', status: 'True', reason: 'ProtocolConflict' } as const,
            { type: 'Accepted', status: 'False' } as const,
            { type: 'Programmed', status: 'False' } as const,
          ].every((condition) => holds(conditions, condition, metadata?.generation)),
        ),
      'status',
    );
    await setMustBeProgrammed(t, 'within');
    await attachedSetsMustBe(t, 'edge', 2);
    await t.callMust({ host: 'good.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'gw.example.com' }, { backend: 'v1' });
    await t.barrier();
    const overTls = await t.call({ host: 'secure.example.com', port: 80, tls: { ca } });
    await t.check(
      'no TLS is spoken on the port with the certificate of the listener in conflict',
      () => {
        expect(overTls.status).to.equal(null);
        expect(overTls.backend).to.equal(undefined);
      },
      'tls',
    );
    await t.callMustAlways({ host: 'gw.example.com' }, { backend: 'v1' });
  },
);
