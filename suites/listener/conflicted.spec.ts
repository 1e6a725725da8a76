import { expect, scenario, type Expected } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { backdate, timesMustHaveMoved, timesMustHaveStayed } from '../transition-times.ts';
import { listenersMustNotBeAccepted } from './not-accepted.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const conflicted = { type: 'Conflicted', status: 'True', reason: 'ProtocolConflict' } as const;

/** A call in the clear where TLS is asked for, and any on a port in conflict, reaches nobody; what it is told, if anything, is not said. */
const unheard: Expected = {
  status: [null, 'UNIMPLEMENTED', 'UNKNOWN', 'UNAVAILABLE', 'INTERNAL', 'PERMISSION_DENIED'],
  backend: null,
};

scenario(
  {
    id: 'listener/conflicted',
    title:
      'HTTP and HTTPS on one port conflict: neither is taken, the others serve, removing or moving one heals the other, and a port may go over from one to the other',
    support: 'core',
    clauses: [
      'listener-distinct-required',
      'listener-conflicted-condition',
      'listener-conflicted-protocol-reason',
      'listener-conflicted-no-winner',
      'listener-conflicted-not-accepted',
      'listener-conflicted-gateway-reason',
      'listener-conflicted-message',
      'listener-conflicted-false-or-absent',
      'listener-tls-settings-not-distinguishing',
      'listener-attachedroutes-unhealthy-listener',
      'listener-kinds-mixed',
      'gateway-listener-observedgeneration-current',
      'status-lasttransitiontime-on-flip',
      'status-lasttransitiontime-stable',
      'tls-terminate-secret',
      'grpcroute-https-h2-alpn',
      'grpcroute-http-h2c-prior-knowledge',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, ['secure.example.com']);
    await t.apply();
    for (const listener of ['plain', 'secure', 'third', 'stays', 'moves']) {
      await t.listenerMustHaveCondition('edge', listener, conflicted);
      await t.listenerMustHaveAttachedRoutes('edge', listener, 1);
    }
    await listenersMustNotBeAccepted(t, 'edge', ['plain', 'secure', 'third']);
    await t.callMust({ host: 'plain.example.com' }, { backend: 'v1' });
    await t.check(
      'the Gateway says ListenersNotValid and for which ones, and the valid listener has no conflict',
      async () => {
        const gateway = await t.get<Gateway>(ref);
        const { reason, message } = conditionOf(gateway.status?.conditions, 'Accepted') ?? {};
        expect(reason).to.equal('ListenersNotValid');
        for (const name of ['plain', 'secure', 'third', 'stays', 'moves']) expect(message).to.contain(name);
        expect(conditionOf(listenerOf(gateway, 'good')?.conditions, 'Conflicted')?.status).to.be.oneOf([
          undefined,
          'False',
        ]);
      },
      'status',
    );
    await t.check(
      'what is wrong with its kinds is not hidden by the conflict',
      async () => {
        const stays = listenerOf(await t.get<Gateway>(ref), 'stays');
        expect(conditionOf(stays?.conditions, 'ResolvedRefs')?.status).not.to.equal('True');
      },
      'status',
    );
    const dead = await t.call({ host: 'plain.example.com', port: 8443 });
    await t.check(
      'neither serves on the contested port',
      () => expect(dead.backend).to.equal(undefined),
      'routed',
    );

    await t.check(
      'two HTTPS listeners that differ in TLS settings only are refused by the API server',
      async () => {
        const gateway = await t.get<Gateway>(ref);
        const [secure] = gateway.spec.listeners.filter(({ name }) => name === 'secure');
        const other = { ...secure, name: 'other', tls: { certificateRefs: [{ name: 'other-cert' }] } };
        const twins: object = {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'Gateway',
          metadata: { name: 'twins' },
          spec: { gatewayClassName: t.gatewayClass, listeners: [secure, other] },
        };
        expect(await t.rejection(twins)).to.contain('must be unique');
      },
      'apply',
    );

    // A conflict goes on through an edit of something else.
    await t.update<Gateway>(ref, ({ spec }) => {
      spec.infrastructure = { labels: { edited: 'yes' } };
    });
    for (const listener of ['plain', 'secure', 'third'])
      await t.listenerMustHaveCondition('edge', listener, conflicted);

    const ages = await backdate(t, ref);
    await t.update<Gateway>(ref, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'secure');
      for (const listener of spec.listeners) {
        if (listener.name === 'moves') listener.port = 9443;
        if (listener.name === 'stays') listener.allowedRoutes = { kinds: [{ kind: 'GRPCRoute' }] };
      }
    });
    await t.listenerMustHaveCondition('edge', 'plain', {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
    });
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.until<Gateway>(
      ref,
      'the listener is Accepted and in no conflict any more',
      ({ status }) => {
        const conditions = status?.listeners?.find(({ name }) => name === 'plain')?.conditions;
        return (
          conditionOf(conditions, 'Accepted')?.status === 'True' &&
          conditionOf(conditions, 'Conflicted')?.status !== 'True'
        );
      },
      'status',
    );
    await t.check(
      'the times of conditions that flipped have moved, those of others have not',
      async () => {
        const gateway = await t.get<Gateway>(ref);
        const wasTrue = (id: string): boolean => ages.get(id)?.status === 'True';
        const mended = ['plain Accepted', 'plain Programmed'];
        timesMustHaveMoved(
          t,
          gateway,
          ages,
          mended.filter((id) => !wasTrue(id)),
        );
        const good = ['Accepted', 'ResolvedRefs', 'Programmed'].map((type) => `good ${type}`);
        // The Gateway was accepted before, if for another reason.
        timesMustHaveStayed(t, gateway, ages, [...good, ...['Accepted'].filter(wasTrue)]);
      },
      'status',
    );
    await t.callMust({ host: 'plain.example.com', port: 8443 }, { backend: 'v1' });
    await t.callMust({ host: 'third.example.com', port: 8443 }, { backend: 'v1' });
    await t.callMust({ host: 'stays.example.com', port: 9080 }, { backend: 'v1' });
    await t.callMust({ host: 'moves.example.com', port: 9443, tls: true }, { backend: 'v1' });

    // An edit may bring them into conflict again.
    await t.update<Gateway>(ref, ({ spec }) => {
      for (const listener of spec.listeners) if (listener.name === 'moves') listener.port = 9080;
    });
    for (const listener of ['stays', 'moves'])
      await t.listenerMustHaveCondition('edge', listener, conflicted);
    await listenersMustNotBeAccepted(t, 'edge', ['stays', 'moves']);
    const contested = { port: 9080, fresh: true } as const;
    await t.callMust({ host: 'stays.example.com', connection: 'who stays', ...contested }, unheard);
    await t.callMust(
      { host: 'moves.example.com', connection: 'who moves', tls: true, ...contested },
      unheard,
    );
    const plain = { host: 'plain.example.com', port: 8443 };
    await t.callMustAlways(plain, { backend: 'v1' }, 3);

    // The only listener of a port goes over to the other protocol, and back.
    const ca = await t.tlsSecret({ name: 'plain-cert' }, [plain.host]);
    const turn = (protocol: 'HTTP' | 'HTTPS') =>
      t.update<Gateway>(ref, ({ spec }) => {
        spec.listeners = spec.listeners.filter(({ name }) => name !== 'third');
        for (const listener of spec.listeners) {
          if (listener.name !== 'plain') continue;
          listener.protocol = protocol;
          delete listener.tls;
          if (protocol === 'HTTPS') listener.tls = { certificateRefs: [{ name: 'plain-cert' }] };
        }
      });
    const encrypted = { ...plain, tls: { ca } };
    await turn('HTTPS');
    await t.callMust(encrypted, { backend: 'v1' });
    await t.listenerMustHaveCondition('edge', 'plain', { type: 'Programmed', status: 'True' });
    await t.callMust({ ...plain, connection: 'in the clear', fresh: true }, unheard);
    await turn('HTTP');
    await t.callMust({ ...plain, connection: 'back', fresh: true }, { backend: 'v1' });
    await t.callMust({ ...encrypted, connection: 'over TLS', fresh: true }, noListener);
  },
);
