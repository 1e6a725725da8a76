import { expect, scenario, type Expected, type RawResult } from '../../harness/index.ts';
import { echo } from '../methods.ts';
import type { Gateway } from '../shapes.ts';

/** No listener takes it: no handshake, or one and an answer without a backend, which is HTTP 421 where a certificate of another name is shown. */
const nowhere: Expected = { status: [null, 'UNIMPLEMENTED', 'UNKNOWN'], backend: null };

scenario(
  {
    id: 'tls/sni',
    title:
      'The name in the handshake selects listener and certificate, the most specific first, as listeners are edited and removed',
    support: 'core',
    clauses: [
      'tls-longest-sni-certificate',
      'tls-terminate-secret',
      'tls-secret-namespace-default',
      'tls-profile-kgateway-authority-and-sni',
      'listener-hostname-most-specific',
      'hostname-wildcard-multi-label',
      'listener-misdirected-421',
      'gateway-listener-added',
      'gateway-listener-removed',
    ],
    guards: ['aws/aws-application-networking-k8s#979', 'cilium/cilium#44877'],
    anyHost: true,
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    const [anyCa, wideCa, payCa, deepCa, payApartCa, lateCa] = await Promise.all([
      t.tlsSecret({ name: 'any-cert' }, ['*.example.org']),
      t.tlsSecret({ name: 'wide-cert' }, ['*.example.com']),
      t.tlsSecret({ name: 'pay-cert' }, ['pay.example.com']),
      t.tlsSecret({ name: 'deep-cert' }, ['*.deep.example.com', '*.far.example.com']),
      t.tlsSecret({ name: 'pay-apart-cert' }, ['pay.example.com']),
      t.tlsSecret({ name: 'late-cert' }, ['late.example.com']),
    ]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const route of ['on-any', 'on-wide', 'on-narrow', 'on-exact']) await t.routeMustBeAccepted(route);
    // Trusting one certificate only, each call proves both who answered the handshake and which route took the call.
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v3' });
    await t.callMust({ host: 'help.example.com', tls: { ca: wideCa } }, { backend: 'v2' });
    await t.callMust({ host: 'help.deep.example.com', tls: { ca: deepCa } }, { backend: 'v1' });
    await t.callMust({ host: 'help.example.org', tls: { ca: anyCa } }, { backend: 'v1' });
    await t.callMust({ host: 'a.b.help.example.com', tls: true }, { backend: 'v2' });
    const wrong = await t.call({ host: 'pay.example.com', tls: { ca: wideCa } });
    await t.check(
      'a client that trusts another listener’s certificate gets no answer',
      () => {
        expect(wrong.status).to.equal(null);
        expect(wrong.backend).to.equal(undefined);
      },
      'tls',
    );

    // The same host on another port is another listener.
    await t.callMust({ host: 'pay.example.com', port: 8443, tls: { ca: payApartCa } }, { backend: 'v3' });
    const inTheClear = await t.call({ host: 'pay.example.com', port: 443 });
    await t.check(
      'a call without TLS reaches no backend',
      () => expect(inTheClear.backend).to.equal(undefined),
      'tls',
    );

    // The wildcard of the connection's listener has that name as well, but another listener has it more precisely.
    const detected = t.supportedFeatures.has('GatewayHTTPSListenerDetectMisdirectedRequests');
    const mustBeMisdirected = async (host: string, serverName: string): Promise<void> => {
      const misdirected = { host, tls: { serverName: t.host(serverName) } };
      const ask = () => t.raw({ ...misdirected, path: `/${echo}` });
      const what = `on a connection for ${serverName}, a call for ${host} is answered with HTTP 421`;
      const seen = ({ httpStatus }: RawResult): string => `HTTP ${String(httpStatus)}`;
      if (!detected) {
        t.note(`${what}: a SHOULD of the spec, here it is ${seen(await ask())}.`);
        return;
      }
      await t.askUntil({ what, ask, isSo: ({ httpStatus }) => httpStatus === 421, seen, layer: 'routed' });
      const reached = await t.call(misdirected);
      await t.check(what, () => expect(reached.backend).to.equal(undefined), 'routed');
    };
    for (const serverName of ['help.example.com', 'help.example.org'])
      await mustBeMisdirected('pay.example.com', serverName);

    // The wildcard serves the name until a listener comes that has it more precisely.
    await t.callMust({ host: 'late.example.com', tls: { ca: wideCa } }, { backend: 'v2' });
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners.push({
        name: 'late',
        protocol: 'HTTPS',
        port: 443,
        hostname: t.host('late.example.com'),
        tls: { certificateRefs: [{ name: 'late-cert' }] },
      });
    });
    const late = { tls: { ca: lateCa }, connection: 'late', fresh: true } as const;
    await t.callMust({ host: 'late.example.com', ...late }, { backend: 'v3' });
    await mustBeMisdirected('late.example.com', 'help.example.com');

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'wide' && name !== 'any');
    });
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v3' });
    const gone = { tls: true, connection: 'gone', fresh: true } as const;
    await t.callMust({ host: 'help.example.com', ...gone }, nowhere);

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const listener of spec.listeners)
        if (listener.name === 'narrow') listener.hostname = `*.${t.host('far.example.com')}`;
    });
    await t.callMust({ host: 'help.far.example.com', tls: { ca: deepCa } }, { backend: 'v1' });
    await t.callMust({ host: 'help.deep.example.com', ...gone }, nowhere);
  },
);
