import { expect, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { caConfigMap, clientWithCa, mustBeTurnedAway } from './client-certificate.ts';
import type { AskingGateway } from './client-certificate.ts';
import { noneIsFalse } from '../optional-support.ts';
import { listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const host = 'shop.example.com';
const beside = 'beside.example.com';

scenario(
  {
    id: 'tls/client-certificates',
    title:
      'HTTPS listeners admit clients with a certificate of their port’s CA only, also when that is replaced',
    support: 'extended',
    features: ['GatewayFrontendClientCertificateValidation'],
    clauses: [
      'tls-frontend-valid-client-accepted',
      'tls-frontend-no-client-cert-rejected',
      'tls-frontend-wrong-ca-rejected',
      'tls-frontend-default-all-https',
      'tls-frontend-perport-overrides',
      'tls-frontend-mode-default',
      'tls-frontend-expired-client-rejected',
      'refgrant-same-namespace-not-needed',
      'tls-frontend-several-ca-refs',
    ],
    backends: ['v1'],
    guards: ['nginx/nginx-gateway-fabric#5174'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, [host, beside]);
    const alice = await clientWithCa(t, 'alice');
    const bob = await clientWithCa(t, 'bob');
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const listener of ['by-default', 'beside', 'by-port', 'unasked']) {
      await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'True' });
    }
    await t.check(
      'the mode is AllowValidOnly unless another one is written',
      async () => {
        const { spec } = await t.get<AskingGateway>(ref);
        expect(spec.tls.frontend.default.validation.mode).to.equal('AllowValidOnly');
      },
      'apply',
    );
    await t.callMust({ host, tls: alice }, { backend: 'v1' });
    await t.callMust({ host, port: 8443, tls: bob }, { backend: 'v1' });
    await t.callMust({ host, port: 9443, tls: true }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, tls: true });
    await mustBeTurnedAway(t, { host, tls: bob });
    await mustBeTurnedAway(t, { host, port: 8443, tls: true });
    await mustBeTurnedAway(t, { host, port: 8443, tls: alice });
    // Another listener of the port.
    await t.callMust({ host: beside, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host: beside, tls: true });
    await mustBeTurnedAway(t, { host: beside, tls: bob });

    await t.update<AskingGateway>(ref, ({ spec }) => {
      const [listener] = spec.listeners.filter(({ name }) => name === 'by-default');
      if (listener !== undefined) spec.listeners.push({ ...listener, name: 'later', port: 10443 });
    });
    await t.listenerMustHaveCondition('edge', 'later', { type: 'Programmed', status: 'True' });
    await t.callMust({ host, port: 10443, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, port: 10443, tls: true });
    await mustBeTurnedAway(t, { host, port: 10443, tls: bob });

    // Another CA in the same ConfigMap is another CA.
    const { data } = await t.get<KubernetesObject & { data: Record<string, string> }>({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      name: 'bob-ca',
    });
    await caConfigMap(t, { name: 'alice-ca' }, data['ca.crt'] ?? '');
    await t.callMust({ host, tls: bob, connection: 'replaced', fresh: true }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, tls: alice, connection: 'replaced', fresh: true });

    // A bundle is as many CAs as it has certificates.
    await caConfigMap(t, { name: 'alice-ca' }, `${data['ca.crt'] ?? ''}\n${alice.clientCert}`);
    await t.callMust({ host, tls: alice, connection: 'bundle', fresh: true }, { backend: 'v1' });
    await t.callMust({ host, tls: bob, connection: 'bundle', fresh: true }, { backend: 'v1' });

    // A CA may leave it to others to sign for it.
    const carol = await clientWithCa(t, 'carol', undefined, 'chain');
    const carolCa = await t.get<KubernetesObject & { data: Record<string, string> }>({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      name: 'carol-ca',
    });
    await caConfigMap(t, { name: 'alice-ca' }, `${carolCa.data['ca.crt'] ?? ''}\n${alice.clientCert}`);
    await t.callMust({ host, tls: carol, connection: 'chain', fresh: true }, { backend: 'v1' });

    // The CA's word for a client has an end.
    const dave = await clientWithCa(t, 'dave', undefined, 'expired');
    const daveCa = await t.get<KubernetesObject & { data: Record<string, string> }>({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      name: 'dave-ca',
    });
    await caConfigMap(t, { name: 'alice-ca' }, `${daveCa.data['ca.crt'] ?? ''}\n${alice.clientCert}`);
    const replaced = { connection: 'expired', fresh: true } as const;
    await t.callMust({ host, tls: carol, ...replaced }, { status: null, backend: null });
    await t.callMustAlways({ host, tls: alice, ...replaced }, { backend: 'v1' }, 3);
    await mustBeTurnedAway(t, { host, tls: dave, ...replaced });

    // So it is with the CA of one port, and back.
    const ofPort = { host, port: 8443, connection: 'of the port', fresh: true } as const;
    await caConfigMap(t, { name: 'bob-ca' }, alice.clientCert);
    await t.callMust({ ...ofPort, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { ...ofPort, tls: bob });
    await caConfigMap(t, { name: 'bob-ca' }, data['ca.crt'] ?? '');
    await t.callMust({ ...ofPort, tls: bob }, { backend: 'v1' });

    await t.implied(['tls-frontend-several-ca-refs'], async () => {
      await t.update<AskingGateway>(ref, ({ spec }) => {
        for (const { port, tls } of spec.tls.frontend.perPort) {
          const refs = port === 8443 ? tls.validation?.caCertificateRefs : undefined;
          refs?.push(...refs.map((each) => ({ ...each, name: 'alice-ca' })));
        }
      });
      const types = ['Accepted', 'ResolvedRefs', 'Programmed'];
      const ofListener = (object: KubernetesObject) => listenerOf(object as Gateway, 'by-port')?.conditions;
      if (!(await noneIsFalse(t, ref, types, ofListener))) {
        t.note('A second CA reference is not supported, and the listener says so.');
        return;
      }
      for (const tls of [alice, bob])
        await t.callMust({ ...ofPort, tls, connection: 'of two' }, { backend: 'v1' });
    });

    // A port that loses its entry asks what the default does, and a Gateway that asks nothing any more admits everybody.
    await t.update<AskingGateway>(ref, ({ spec }) => {
      const { frontend } = spec.tls;
      frontend.perPort = frontend.perPort.filter(({ port }) => port !== 8443);
    });
    const byPort = { host, port: 8443 };
    await t.callMust({ ...byPort, tls: alice, connection: 'default', fresh: true }, { backend: 'v1' });
    await mustBeTurnedAway(t, { ...byPort, tls: true, connection: 'default', fresh: true });
    await t.update<Gateway>(ref, ({ spec }) => {
      delete (spec as Partial<AskingGateway['spec']>).tls;
    });
    for (const port of [443, 8443])
      await t.callMust({ host, port, tls: true, connection: 'unasked', fresh: true }, { backend: 'v1' });
  },
);
