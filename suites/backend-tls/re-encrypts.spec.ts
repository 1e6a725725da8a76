import { expect, scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import { probe, probeTwo } from '../methods.ts';
import { conditionOf, type Service } from '../shapes.ts';
import {
  accepted,
  ancestorOf,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  hostOf,
  inPlaintext,
  isOverTls,
  otherName,
  overTls,
  plainPort,
  policy,
  policyMust,
  resolved,
  tlsOf,
  tlsPort,
} from './policies.ts';
import type { Policy } from './policies.ts';

/** By chance alone one of three equal backends answers none of these once in ten billion times. */
const splitCalls = 60;
const hourMs = 3_600_000;

scenario(
  {
    id: 'backend-tls/re-encrypts',
    title:
      'Under a BackendTLSPolicy calls reach the backend over TLS and HTTP/2, whatever listener they came by and whoever else uses the Service',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: [
      'btls-union-with-grpcroute',
      'btls-http2-over-tls',
      'btls-any-listener-protocol',
      'btls-sni-is-hostname',
      'btls-accepted-true',
      'btls-resolvedrefs-true',
      'btls-plaintext-app-protocol',
      'grpc-authority-intact',
      'grpc-metadata-intact',
      'grpc-deadline-propagated',
    ],
    inseparable: {
      'btls-http2-over-tls': 'gRPC has no other protocol: a call that arrives over TLS has come over HTTP/2',
    },
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'secure');
    await applyService(t, 'plain', 'v1', { grpc: plainPort });
    await t.applyObjects(policy('secure'));
    if (t.supportedFeatures.has('HTTPRoute')) {
      // Speaks HTTP/1.1 to the Service that the GRPCRoute speaks HTTP/2 to.
      const web: object = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'web' },
        spec: {
          parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
          hostnames: [hostOf('web')],
          rules: [{ backendRefs: [{ name: 'secure', port: 443 }] }],
        },
      };
      await t.applyObjects(web);
      await t.routeMustBeAccepted('web', { kind: 'HTTPRoute' });
    }
    await applyRoute(t, 'secure');
    await applyRoute(t, 'plain');

    await t.routeMustBeAccepted('secure');
    await policyMust(t, 'secure', accepted);
    await policyMust(t, 'secure', resolved);
    await t.callMust({ host: hostOf('secure') }, overTls());
    await t.callMust({ host: hostOf('secure'), tls: true }, overTls());
    const [first] = await t.callMustAlways({ host: hostOf('secure') }, overTls());
    await t.check(
      'the backend sees the authority that the caller sent, whatever name its certificate has',
      () => expect(first?.record.backend?.authority).to.equal(t.host(hostOf('secure'))),
      'backend',
    );

    const metadata = { 'x-text': 'plain', 'x-data-bin': Buffer.from([0, 0x2c, 0xff]).toString('base64') };
    const pairs = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    const message = { behaviour: { initialMetadata: pairs, trailingMetadata: pairs } };
    for (const kind of ['Unary', 'BidiStream']) {
      const [told] = await t.callMustAlways(
        {
          host: hostOf('secure'),
          method: `routeproof.v1.Probe/${kind}`,
          metadata,
          message,
          deadlineMs: hourMs,
        },
        overTls(),
        1,
      );
      await t.check(
        `${kind}: metadata arrives in both directions, at the end as well, and so does the deadline`,
        () => {
          for (const [name, value] of Object.entries(metadata))
            for (const from of [told?.received, told?.headers, told?.trailers])
              expect(from?.get(name), name).to.deep.equal([value]);
          expect(told?.responses[0]?.['received'])
            .to.have.property('deadlineMs')
            .that.is.within(hourMs - 30_000, hourMs);
        },
        'backend',
      );
    }

    const stream = await t.openStream({
      host: hostOf('secure'),
      method: 'routeproof.v1.Probe/BidiStream',
    });
    const answers = [await stream.echo('one'), await stream.echo('two')];
    const end = await stream.finish();
    await t.check(
      'a stream goes both ways',
      () => {
        expect(answers.map(({ text }) => text)).to.deep.equal(['one', 'two']);
        expect(end.status).to.equal(0);
      },
      'backend',
    );
    await t.callMust({ host: hostOf('plain') }, inPlaintext());

    // Whether a port that declares HTTP/2 in the clear may have a policy is left open.
    await applyService(t, 'declared', 'v1', { grpc: plainPort });
    await t.update<Service>({ kind: 'Service', name: 'declared' }, ({ spec }) => {
      for (const port of spec.ports) port.appProtocol = 'kubernetes.io/h2c';
    });
    await t.applyObjects(policy('declared'));
    await applyRoute(t, 'declared');
    await t.implied(['btls-plaintext-app-protocol'], async () => {
      const declared = await t.until<Policy>(
        { kind: 'BackendTLSPolicy', name: 'declared' },
        'an Accepted condition',
        (object) => conditionOf(ancestorOf(t, object)?.conditions, 'Accepted') !== undefined,
        'status',
      );
      const condition = conditionOf(ancestorOf(t, declared)?.conditions, 'Accepted');
      // The backend speaks plaintext there: nothing else could reach it.
      if (condition?.status === 'True') await t.callMust({ host: hostOf('declared') }, unserved);
      else t.note(`a policy for a port with appProtocol kubernetes.io/h2c: ${String(condition?.reason)}`);
    });

    // The only port of a Service need not have a name.
    await applyService(t, 'nameless', 'v1', { '': tlsPort });
    await t.applyObjects(policy('nameless'));
    await applyRoute(t, 'nameless');
    await t.callMust({ host: hostOf('nameless') }, overTls());

    const byMethod: object = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'by-method' },
      spec: {
        parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
        hostnames: [hostOf('by-method')],
        rules: ['Probe', 'ProbeTwo'].map((service) => ({
          matches: [{ method: { service: `routeproof.v1.${service}` } }],
          backendRefs: [{ name: 'secure', port: 443 }],
        })),
      },
    };
    await t.applyObjects(byMethod);
    for (const method of [probe, probeTwo])
      await t.callMust({ host: hostOf('by-method'), method }, overTls());

    await applyService(t, 'other');
    await t.applyObjects(policy('other', { validation: { hostname: otherName } }));
    const both: object = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'split' },
      spec: {
        parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
        hostnames: [hostOf('split')],
        rules: [{ backendRefs: ['secure', 'plain', 'other'].map((name) => ({ name, port: 443 })) }],
      },
    };
    await t.applyObjects(both);
    await t.callMust({ host: hostOf('split') }, { backend: 'v1' });
    const shared = await t.callMustAlways({ host: hostOf('split') }, { backend: 'v1' }, splitCalls);
    await t.check(
      'in a rule with several backends those under a policy are reached over TLS, each as its own says, the other one is not',
      () => {
        const names = shared.map((result) => (isOverTls(result) ? tlsOf(result).serverName : 'no TLS'));
        expect(new Set(names)).to.have.all.keys(backendName, otherName, 'no TLS');
      },
      'backend',
    );
  },
);
