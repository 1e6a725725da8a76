import { scenario } from '../../harness/index.ts';
import { conditionOf, type Gateway } from '../shapes.ts';
import { clientWithCa, mustBeTurnedAway } from './client-certificate.ts';
import type { AskingGateway } from './client-certificate.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const host = 'shop.example.com';
const turnedAway = { status: null, backend: null };

scenario(
  {
    id: 'tls/client-insecure-fallback',
    title:
      'With AllowInsecureFallback a port admits every client, and the Gateway warns of it as long as that is so',
    support: 'extended',
    features: [
      'GatewayFrontendClientCertificateValidation',
      'GatewayFrontendClientCertificateValidationInsecureFallback',
    ],
    clauses: [
      'tls-frontend-insecure-fallback',
      'tls-frontend-insecure-condition',
      'tls-frontend-insecure-condition-removed',
      'gateway-observedgeneration-current',
    ],
    backends: ['v1'],
  },
  async (t) => {
    const insecure = { type: 'InsecureFrontendValidationMode', status: 'True' } as const;
    const setMode = (port: number | undefined, mode: string): Promise<AskingGateway> =>
      t.update<AskingGateway>(ref, ({ spec: { tls } }) => {
        const entry = tls.frontend.perPort.find((each) => each.port === port)?.tls ?? tls.frontend.default;
        if (entry.validation !== undefined) entry.validation.mode = mode;
      });
    const mustNotWarn = (): Promise<unknown> =>
      t.until<AskingGateway>(
        ref,
        'no condition InsecureFrontendValidationMode, at the current generation of the others',
        ({ metadata, status }) =>
          conditionOf(status?.conditions, insecure.type) === undefined &&
          conditionOf(status?.conditions, 'Programmed')?.observedGeneration === metadata?.generation,
        'status',
      );
    await t.tlsSecret({ name: 'edge-cert' }, [host]);
    const alice = await clientWithCa(t, 'alice');
    const bob = await clientWithCa(t, 'bob');
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.gatewayMustHaveCondition('edge', { ...insecure, reason: 'ConfigurationChanged' });
    for (const tls of [alice, bob, true as const]) {
      await t.callMust({ host, port: 8443, tls }, { backend: 'v1' });
    }
    await t.callMust({ host, tls: alice }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, tls: true });
    await mustBeTurnedAway(t, { host, tls: bob });

    await t.update<Gateway>(ref, ({ spec }) => {
      spec.infrastructure = { labels: { edited: 'yes' } };
    });
    await t.gatewayMustHaveCondition('edge', insecure);

    await setMode(8443, 'AllowValidOnly');
    await mustNotWarn();
    await t.callMust({ host, port: 8443, tls: true }, turnedAway);
    await t.callMust({ host, port: 8443, tls: bob }, turnedAway);
    await t.callMust({ host, port: 8443, tls: alice }, { backend: 'v1' });

    await setMode(undefined, 'AllowInsecureFallback');
    await t.gatewayMustHaveCondition('edge', insecure);
    await t.callMust({ host, tls: bob }, { backend: 'v1' });
    await t.callMust({ host, tls: true }, { backend: 'v1' });
    await mustBeTurnedAway(t, { host, port: 8443, tls: true });
  },
);
