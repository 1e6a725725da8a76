import { expect, scenario, type Expected, type Scenario } from '../../harness/index.ts';
import { mustGoOn } from '../open-streams.ts';
import { conditionOf, listenerOf, type ConditionStatus, type Gateway } from '../shapes.ts';
import { detectsMisdirected, mustBeMisdirected } from './must-be-misdirected.ts';

/** No listener takes it: no handshake, or one and an answer without a backend, which is HTTP 421 where a certificate of another name is shown. */
const nowhere: Expected = { status: [null, 'UNIMPLEMENTED', 'UNKNOWN'], backend: null };

const edge = { kind: 'Gateway', name: 'edge' };

/** Why a listener is said not to be served, as its conditions say it; undefined: it is said to be served. */
function refusalOf(gateway: Gateway, listener: string): string | undefined {
  const conditions = listenerOf(gateway, listener)?.conditions;
  const conflicted = conditionOf(conditions, 'Conflicted');
  if (conflicted?.status === 'True') return `Conflicted, ${conflicted.reason}`;
  const programmed = conditionOf(conditions, 'Programmed');
  if (programmed?.status === 'True') return undefined;
  return programmed === undefined
    ? 'not Programmed'
    : `Programmed=${programmed.status}, ${programmed.reason}`;
}

/** Waits until `other` is accepted or not, and `name` served or not, with all that is said of both at the Gateway's generation. */
async function decidedBeside(t: Scenario, name: string, other: string): Promise<Gateway> {
  const conditionsNow = (gateway: Gateway, listener: string): ConditionStatus[] => {
    const conditions = listenerOf(gateway, listener)?.conditions ?? [];
    const { generation } = gateway.metadata ?? {};
    return conditions.every(({ observedGeneration }) => observedGeneration === generation) ? conditions : [];
  };
  const isDecided = (conditions: ConditionStatus[]): boolean =>
    conditionOf(conditions, 'Conflicted')?.status === 'True' ||
    ['True', 'False'].includes(conditionOf(conditions, 'Programmed')?.status ?? '');
  return t.until<Gateway>(
    edge,
    `listener ${other} is accepted or not, and ${name} served or not, at its generation`,
    (gateway) =>
      conditionOf(conditionsNow(gateway, other), 'Accepted') !== undefined &&
      isDecided(conditionsNow(gateway, name)),
    'status',
  );
}

/**
 * Runs `body` while a listener is said to be served. What it throws counts only if that is still said afterwards.
 *
 * @returns why it is not, or no longer, said; undefined: `body` held
 */
async function whileServed(
  t: Scenario,
  listener: string,
  decided: Gateway,
  body: () => Promise<void>,
): Promise<string | undefined> {
  const refusal = refusalOf(decided, listener);
  if (refusal !== undefined) return refusal;
  const failure = await body().then(
    () => [],
    (error: unknown) => [error],
  );
  const later = refusalOf(await t.get<Gateway>(edge), listener);
  if (later === undefined && failure.length > 0) throw failure[0];
  return later;
}

scenario(
  {
    id: 'tls/sni',
    title:
      'The name in the handshake selects listener and certificate, the most specific first, as listeners come, are edited and removed, which a stream of another one outlives',
    support: 'core',
    clauses: [
      'tls-longest-sni-certificate',
      'tls-terminate-secret',
      'tls-secret-namespace-default',
      'tls-profile-kgateway-authority-and-sni',
      'listener-hostname-most-specific',
      'listener-isolation',
      'listener-isolation-no-fallback',
      'hostname-wildcard-multi-label',
      'listener-misdirected-421',
      'gateway-listener-added',
      'gateway-listener-removed',
      'streaming-survives-route-change',
    ],
    guards: [
      'aws/aws-application-networking-k8s#979',
      'cilium/cilium#44877',
      'cilium/cilium#48269',
      'envoyproxy/gateway#9895',
    ],
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
    for (const route of ['on-any', 'on-wide', 'on-narrow', 'on-exact', 'intruder'])
      await t.routeMustBeAccepted(route);
    // Trusting one certificate only, each call proves both who answered the handshake and which route took the call.
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v3' });
    await t.callMust({ host: 'help.example.com', tls: { ca: wideCa } }, { backend: 'v2' });
    await t.callMust({ host: 'help.deep.example.com', tls: { ca: deepCa } }, { backend: 'v1' });
    // Without isolation the route of a wider listener that names the host in full may come before that of a wildcard.
    const isIsolated = t.supportedFeatures.has('GatewayHTTPListenerIsolation');
    await t.callMust(
      { host: 'cart.deep.example.com', tls: { ca: deepCa } },
      { backend: isIsolated ? 'v1' : ['v1', 'v2'] },
    );
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
    // A listener without routes keeps its calls from a wider one all the same.
    const vacant = { host: 'help.example.com', port: 8443, tls: true } as const;
    if (isIsolated) await t.callMustAlways(vacant, nowhere, 3);
    const inTheClear = await t.call({ host: 'pay.example.com', port: 443 });
    await t.check(
      'a call without TLS reaches no backend',
      () => expect(inTheClear.backend).to.equal(undefined),
      'tls',
    );

    // The wildcard of the connection's listener has that name as well, but another listener has it more precisely.
    for (const serverName of ['help.example.com', 'help.example.org'])
      await mustBeMisdirected(t, { host: 'pay.example.com', serverName });
    await mustBeMisdirected(t, { host: 'help.deep.example.com', serverName: 'help.example.com' });
    // The connection's listener has not got it, a wider one has.
    await mustBeMisdirected(t, { host: 'help.example.com', serverName: 'pay.example.com' });

    const stream = await t.openStream({ host: 'pay.example.com', tls: { ca: payCa }, connection: 'kept' });
    const goesOn = (after: string): Promise<void> =>
      t.implied(['streaming-survives-route-change'], () => mustGoOn(t, [stream], after));
    await goesOn('at first');

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
    await mustBeMisdirected(t, { host: 'late.example.com', serverName: 'help.example.com' });
    await goesOn('after a listener has come');

    // And again when that is gone, on connections for any name of the wildcard.
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'late');
    });
    const lateGone = { tls: { ca: wideCa }, connection: 'late-gone', fresh: true } as const;
    await t.callMust({ host: 'late.example.com', ...lateGone }, { backend: 'v2' });
    // Who does not claim to tell which names are whose may refuse every name but that of the handshake.
    if (t.supportedFeatures.has(detectsMisdirected)) {
      const onHelp = { tls: { ca: wideCa, serverName: 'help.example.com' } };
      await t.callMust({ host: 'late.example.com', ...onHelp }, { backend: 'v2' });
    }
    await goesOn('after a listener has gone');

    // One that leaves TLS alone may share the port, be refused, or be in conflict with the others: what they say is to be so.
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners.push({
        name: 'sealed',
        protocol: 'TLS',
        port: 443,
        hostname: t.host('sealed.example.com'),
        tls: { mode: 'Passthrough' },
      });
    });
    const decided = await decidedBeside(t, 'exact', 'sealed');
    const refusal = await whileServed(t, 'exact', decided, async () => {
      await t.barrier({ listener: 'exact', tls: true, host: 'pay.example.com' });
      await t.callMust(
        { host: 'pay.example.com', tls: { ca: payCa }, connection: 'beside', fresh: true },
        { backend: 'v3' },
      );
    });
    if (refusal === undefined) await goesOn('after a passthrough listener has come');
    else t.note(`beside a passthrough listener, an HTTPS listener of its port is not served: ${refusal}`);

    const others = ['wide', 'any', 'sealed'];
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => !others.includes(name));
    });
    await t.callMust({ host: 'pay.example.com', tls: { ca: payCa } }, { backend: 'v3' });
    const gone = { tls: true, connection: 'gone', fresh: true } as const;
    await t.callMust({ host: 'help.example.com', ...gone }, nowhere);
    if (refusal === undefined) await goesOn('after it has gone');
    await stream.cancel();

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const listener of spec.listeners)
        if (listener.name === 'narrow') listener.hostname = `*.${t.host('far.example.com')}`;
    });
    await t.callMust({ host: 'help.far.example.com', tls: { ca: deepCa } }, { backend: 'v1' });
    await t.callMust({ host: 'help.deep.example.com', ...gone }, nowhere);
  },
);
