import { expect, scenario } from '../../harness/index.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/mirror-not-permitted',
    title: 'A mirror in another namespace gets calls only while a ReferenceGrant permits it',
    support: 'extended',
    clauses: [
      'filter-mirror-refnotpermitted',
      'filter-mirror-backend-missing-primary-ok',
      'filter-mirror-copies-calls',
      'refgrant-addition-enables',
      'refgrant-removal-revokes',
      'refgrant-wrong-from-kind',
      'refgrant-wrong-from-namespace',
      'refgrant-wrong-to-name',
    ],
    backends: ['v1', 'abroad/copy'],
    guards: ['nginx/nginx-gateway-fabric#2333'],
    manifests: ['mirror-not-permitted.route.yaml', 'mirror-not-permitted.grant.yaml'],
  },
  async (t) => {
    await t.apply('mirror-not-permitted.route.yaml');
    await t.routeMustHaveCondition('mirrored-abroad', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'RefNotPermitted',
    });
    await t.callMust({ host }, { backend: 'v1' });
    const [refused, granted] = [`${t.nonce}-refused`, `${t.nonce}-granted`];
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': refused } }, { backend: 'v1' });

    await t.apply('mirror-not-permitted.grant.yaml');
    await t.routeMustBeAccepted('mirrored-abroad');
    await t.barrier();
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': granted } }, { backend: 'v1' });

    const copies = await t.seenBy('abroad/copy', granted, { atLeast: 10 });
    const early = await t.seenBy('abroad/copy', refused);
    await t.check(
      'the mirror has the calls made after the grant, and none from before it',
      () => {
        expect(copies).to.have.length(10);
        expect(early).to.have.length(0);
      },
      'routed',
    );

    await t.remove({ kind: 'ReferenceGrant', name: 'copies-welcome', namespace: 'abroad' });
    await t.routeMustHaveCondition('mirrored-abroad', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'RefNotPermitted',
    });
    await t.barrier();
    const revoked = `${t.nonce}-revoked`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': revoked } }, { backend: 'v1' });
    // Granted again, later calls are copied: by then copies of those before would have come too.
    await t.apply('mirror-not-permitted.grant.yaml');
    await t.routeMustBeAccepted('mirrored-abroad');
    await t.barrier();
    const last = `${t.nonce}-last`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': last } }, { backend: 'v1' });
    await t.seenBy('abroad/copy', last, { atLeast: 10 });
    const between = await t.seenBy('abroad/copy', revoked);
    await t.check(
      'the mirror has no call of the time without a grant',
      () => expect(between).to.have.length(0),
      'routed',
    );
  },
);
