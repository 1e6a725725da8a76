import { scenario } from '../../harness/index.ts';

scenario(
  {
    id: 'tls/authority-and-sni',
    title: 'Within one listener the authority of the call selects the route, whatever the handshake said',
    support: 'core',
    clauses: [
      'hostname-matched-before-rules',
      'listener-hostname-https-sni-and-authority',
      'hostname-profile-kgateway-host-or-sni',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const sni = (name: string) => ({ tls: { serverName: t.host(name) } });
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    await t.routeMustBeAccepted('search');
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
    await t.callMust({ host: 'search.example.com', tls: true }, { backend: 'v2' });
    await t.callMustAlways(
      { host: 'search.example.com', ...sni('checkout.example.com') },
      { backend: 'v2' },
      3,
    );
    await t.callMustAlways(
      { host: 'checkout.example.com', ...sni('search.example.com') },
      { backend: 'v1' },
      3,
    );
    await t.callMustAlways(
      { host: 'nobody.example.com', ...sni('checkout.example.com') },
      { status: 'UNIMPLEMENTED', backend: null },
      3,
    );
    t.note(
      'The kgateway guide says that hostnames match the Host header "or SNI in TLS": the authority alone selects the route.',
    );
    // Attached to the HTTPS listener only: the same names are not served in the clear.
    await t.callMustAlways({ host: 'checkout.example.com' }, { status: 'UNIMPLEMENTED', backend: null }, 3);
  },
);
