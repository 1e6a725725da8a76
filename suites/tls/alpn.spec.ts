import { expect, scenario } from '../../harness/index.ts';

const path = '/routeproof.v1.Probe/Unary';

scenario(
  {
    id: 'tls/alpn',
    title:
      'TLS clients get HTTP/2 by ALPN, and one hostname is served in the clear and over TLS at the same time',
    support: 'core',
    clauses: [
      'grpcroute-https-h2-alpn',
      'grpcroute-http-h2c-prior-knowledge',
      'backend-trailers-delivered',
      'grpcroute-unmatched-authority-unimplemented',
      'parentref-sectionname-omitted-all-listeners',
    ],
    guards: [
      'cilium/cilium#39484',
      'cilium/cilium#31811',
      'cilium/cilium#44877',
      'lexfrei/cloudflare-tunnel-gateway-controller#359',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v1' });
    for (const alpn of [['h2'], ['http/1.1', 'h2']]) {
      const exchange = await t.raw({ host: 'checkout.example.com', path, tls: { alpn } });
      await t.check(
        `a client that offers ${alpn.join(' and ')} gets h2`,
        () => expect(exchange.alpn).to.equal('h2'),
        'tls',
      );
    }
    const failing = {
      host: 'checkout.example.com',
      tls: true,
      message: {
        behaviour: {
          statusCode: 9,
          statusMessage: 'cart is empty',
          trailingMetadata: [{ key: 'x-cart', value: 'empty' }],
        },
      },
    } as const;
    await t.callMust(failing, {
      status: 'FAILED_PRECONDITION',
      also: (result) => {
        expect(result.message).to.equal('cart is empty');
        expect(result.trailers.get('x-cart')).to.deep.equal(['empty']);
      },
    });
    const stream = await t.openStream({
      host: 'checkout.example.com',
      tls: true,
      method: 'routeproof.v1.Probe/BidiStream',
    });
    for (const text of ['one', 'two', 'three']) expect(await stream.echo(text)).to.include({ text });
    expect(await stream.finish()).to.include({ status: 0 });
    await t.callMustAlways(
      { host: 'search.example.com', tls: true },
      { status: 'UNIMPLEMENTED', backend: null },
      3,
    );
  },
);
