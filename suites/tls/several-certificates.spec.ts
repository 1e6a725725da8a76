import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const path = '/routeproof.v1.Probe/Unary';

scenario(
  {
    id: 'tls/several-certificates',
    title:
      'Of several certificates of one listener, ECDSA and RSA, a client sees the one for its name, or the listener is refused in status',
    support: 'implementation-specific',
    clauses: ['tls-multiple-certificates', 'tls-secret-nonexistent'],
    anyHost: true,
    backends: ['v1'],
  },
  async (t) => {
    await Promise.all([
      t.tlsSecret({ name: 'wide-cert' }, ['*.example.com']),
      t.tlsSecret({ name: 'pay-cert' }, ['pay.example.com']),
      t.tlsSecret({ name: 'old-cert' }, ['old.example.com'], 'rsa'),
      t.tlsSecret({ name: 'one-cert' }, ['one.example.org']),
    ]);
    await t.apply();
    await t.callMust({ host: 'one.example.org', tls: true }, { backend: 'v1' });
    /** Undefined while the listener only waits for its proxy. */
    const programmed = (gateway: Gateway): boolean | undefined => {
      const { status, reason } = conditionOf(listenerOf(gateway, 'several')?.conditions, 'Programmed') ?? {};
      return status === 'True' ? true : status === 'False' && reason !== 'Pending' ? false : undefined;
    };
    const gateway = await t.until<Gateway>(
      { kind: 'Gateway', name: 'edge' },
      'the listener is programmed, or says that it is not',
      (object) => programmed(object) !== undefined,
      'programmed',
    );
    if (programmed(gateway) === false) {
      t.note('More than one certificate of a listener is not supported, and the listener says so.');
      return;
    }
    await t.listenerMustHaveCondition('edge', 'partly', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidCertificateRef',
    });
    await t.callMust({ host: 'pay.example.com', tls: true }, { backend: 'v1' });
    await t.check(
      'a client sees the certificate for its name',
      async () => {
        const sans = async (host: string): Promise<string> =>
          (await t.raw({ host, path, port: 443, tls: {} })).peerCertificateSans?.join() ?? '';
        expect(await sans('pay.example.com')).to.contain(t.host('pay.example.com'));
        expect(await sans('old.example.com'), 'RSA').to.contain(t.host('old.example.com'));
        expect(await sans('help.example.com')).to.contain(t.host('*.example.com'));
      },
      'tls',
    );
    const ca = await t.tlsSecret({ name: 'pay-cert' }, ['pay.example.com']);
    await t.callMust({ host: 'pay.example.com', tls: { ca } }, { backend: 'v1' });

    const newCa = await t.tlsSecret({ name: 'new-cert' }, ['new.example.com']);
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const { name, tls } of spec.listeners)
        if (name === 'several') tls?.certificateRefs?.push({ name: 'new-cert' });
    });
    await t.callMust({ host: 'new.example.com', tls: { ca: newCa } }, { backend: 'v1' });
  },
);
