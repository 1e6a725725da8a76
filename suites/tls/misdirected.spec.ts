import { expect, scenario } from '../../harness/index.ts';

const path = '/routeproof.v1.Probe/Unary';

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

    await t.callMustAlways(
      { host: 'nobody.example.com', ...onShop },
      { status: 'UNIMPLEMENTED', backend: null },
      3,
    );
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

    const unnamed = await t.call({
      host: 'pay.example.com',
      tls: { serverName: t.host('nobody.example.com') },
    });
    await t.check(
      'a name of the handshake that no listener has leads to no listener, whatever the name of the call',
      () => expect(unnamed.backend).to.equal(undefined),
      'routed',
    );

    const misdirected = await t.raw({ host: 'pay.example.com', path, ...onShop });
    const reached = await t.call({ host: 'pay.example.com', ...onShop });
    await t.check(
      'a name of another listener is not served on this connection',
      () => {
        expect(reached.backend).to.equal(undefined);
      },
      'routed',
    );
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
