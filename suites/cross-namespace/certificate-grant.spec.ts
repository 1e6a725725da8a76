import { expect, scenario } from '../../harness/index.ts';
import type { ReferenceGrant } from '../shapes.ts';

const host = 'shop.example.com';
const refused = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;

scenario(
  {
    id: 'cross-namespace/certificate-grant',
    title:
      'A listener uses a certificate of another namespace only while a fitting ReferenceGrant is there, and never in place of its own',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'tls-cross-namespace-no-grant',
      'tls-cross-namespace-wrong-grant',
      'tls-cross-namespace-grant-named',
      'tls-cross-namespace-grant-all',
      'tls-cross-namespace-grant-revoked',
      'tls-refnotpermitted-before-invalid',
      'listener-programmed-false-invalid',
      'tls-terminate-secret',
    ],
    backends: ['v1'],
    manifests: ['certificate-grant.yaml', 'certificate-grant.grant.yaml'],
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'shop-cert', namespace: 'vault' }, ['shop.example.com']);
    // Its namespace and name make the same text as those of the other one, joined by a dash.
    const ownCa = await t.tlsSecret({ name: 'vault-shop-cert' }, ['own.example.com']);
    await t.apply();
    await t.listenerMustHaveCondition('edge', 'https', refused);
    await t.listenerMustHaveCondition('edge', 'https', { type: 'Programmed', status: 'False' });
    await t.listenerMustHaveCondition('edge', 'ghost', refused);
    await t.callMust({ host }, { backend: 'v1' });
    const refusedCall = await t.call({ host, tls: { ca } });
    // A proxy that other Gateways share may have a certificate of its own for names that nobody serves.
    const trusting = await t.call({ host, tls: true });
    await t.check(
      'no handshake succeeds with the certificate, and no other leads to the backend',
      () => {
        expect(refusedCall.status).to.equal(null);
        expect(refusedCall.reached).to.be.oneOf(['connect', 'tls', 'programmed']);
        expect(trusting.backend).to.equal(undefined);
      },
      'tls',
    );

    await t.apply('certificate-grant.grant.yaml');
    await t.listenerMustHaveCondition('edge', 'https', {
      type: 'ResolvedRefs',
      status: 'True',
      reason: 'ResolvedRefs',
    });
    await t.listenerMustHaveCondition('edge', 'https', {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
    });
    await t.listenerMustHaveCondition('edge', 'ghost', refused);
    await t.callMust({ host, tls: { ca } }, { backend: 'v1' });
    await t.callMust({ host: 'own.example.com', tls: { ca: ownCa } }, { backend: 'v1' });

    await t.update<ReferenceGrant>(
      { kind: 'ReferenceGrant', name: 'edge-to-shop-cert', namespace: 'vault' },
      ({ spec }) => {
        for (const to of spec.to) delete to.name;
      },
    );
    // Every Secret is permitted now, and so the other reference turns out to name none.
    await t.listenerMustHaveCondition('edge', 'ghost', { ...refused, reason: 'InvalidCertificateRef' });
    await t.callMust({ host, tls: { ca } }, { backend: 'v1' });

    await t.remove({ kind: 'ReferenceGrant', name: 'edge-to-shop-cert', namespace: 'vault' });
    await t.listenerMustHaveCondition('edge', 'https', refused);
    const revoked = { host, tls: { ca }, connection: 'revoked', fresh: true } as const;
    await t.callMust(revoked, { status: null, backend: null });
    await t.callMustAlways({ host }, { backend: 'v1' }, 3);

    await t.apply('certificate-grant.grant.yaml');
    await t.listenerMustHaveCondition('edge', 'https', { type: 'Programmed', status: 'True' });
    await t.callMust({ host, tls: { ca }, connection: 'again', fresh: true }, { backend: 'v1' });
  },
);
