import { expect, scenario } from '../../harness/index.ts';
import type { Expected } from '../../harness/index.ts';

const path = '/routeproof.v1.Probe/Unary';
/** HTTP status 421, 404, 403 or 400, as gRPC clients read them, or a handshake that is refused. */
const turnedAway: Expected = {
  status: [null, 'UNKNOWN', 'UNIMPLEMENTED', 'PERMISSION_DENIED', 'INTERNAL'],
  backend: null,
};

scenario(
  {
    id: 'tls/misdirected',
    title:
      'The name of the call is checked besides the name of the handshake: no call slips into another listener',
    support: 'core',
    clauses: [
      'listener-hostname-https-sni-and-authority',
      'listener-hostname-verify-after-sni',
      'listener-misdirected-no-match-404',
      'listener-misdirected-421',
      'grpcroute-unmatched-authority-unimplemented',
      'hostname-wildcard-excludes-apex',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await Promise.all([
      t.tlsSecret({ name: 'shop-cert' }, ['*.shop.example.com']),
      t.tlsSecret({ name: 'pay-cert' }, ['pay.example.com']),
    ]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    const onShop = { tls: { serverName: t.host('cart.shop.example.com') } };
    await t.callMust({ host: 'pay.example.com', tls: true }, { backend: 'v2' });
    await t.callMust({ host: 'cart.shop.example.com', ...onShop }, { backend: 'v1' });
    await t.callMustAlways({ host: 'help.shop.example.com', ...onShop }, { backend: 'v1' }, 3);

    // The bare name is not one of the wildcard's.
    for (const host of ['nobody.example.com', 'shop.example.com'])
      await t.callMustAlways({ host, ...onShop }, { status: 'UNIMPLEMENTED', backend: null }, 3);
    const unknown = await t.raw({ host: 'nobody.example.com', path, ...onShop });
    await t.check(
      'a name of no listener is HTTP 404 or a gRPC UNIMPLEMENTED',
      () => {
        const grpcStatus = [...unknown.headers, ...unknown.trailers].find(
          ([name]) => name === 'grpc-status',
        )?.[1];
        expect(
          unknown.httpStatus === 404 || grpcStatus === '12',
          `HTTP ${String(unknown.httpStatus)}`,
        ).to.equal(true);
      },
      'routed',
    );

    // A name of the handshake that no listener has leads to no listener, whatever the name of the call.
    const onNobody = { tls: { serverName: t.host('nobody.example.com') } };
    await t.callMustAlways({ host: 'pay.example.com', ...onNobody }, turnedAway, 3);

    // A name of another listener is not served on this connection.
    const misdirected = await t.raw({ host: 'pay.example.com', path, ...onShop });
    // What happens to one call in 50 shows among 150 with probability 1 - 0.98^150 = 95 %.
    const [away] = await t.callMustAlways({ host: 'pay.example.com', ...onShop }, turnedAway, 3);
    // Where each costs its connection, as many would take minutes.
    if (away?.status !== null)
      await t.callMustAlways({ host: 'pay.example.com', ...onShop }, turnedAway, 150);
    t.note(`The spec asks for HTTP 421 there (SHOULD): here it is ${String(misdirected.httpStatus)}.`);
    if (t.supportedFeatures.has('GatewayHTTPSListenerDetectMisdirectedRequests')) {
      await t.check(
        'it is answered with HTTP 421',
        () => expect(misdirected.httpStatus).to.equal(421),
        'routed',
      );
    }
  },
);
