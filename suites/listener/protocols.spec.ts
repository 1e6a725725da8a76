import { expect, scenario } from '../../harness/index.ts';
import { listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

scenario(
  {
    id: 'listener/protocols',
    title:
      'h2c on HTTP and h2 on HTTPS listeners carry gRPC; sectionName and port choose listeners, neither means all',
    support: 'core',
    clauses: [
      'grpcroute-http-h2c-prior-knowledge',
      'grpcroute-https-h2-alpn',
      'hostname-both-unset-any-authority',
      'parentref-sectionname-omitted-all-listeners',
      'parentref-sectionname-selects-listener',
      'parentref-port-selects-listeners',
      'parentref-profile-kgateway-section-or-port',
      'parentref-group-kind-default-gateway',
      'parentref-attach-same-namespace',
      'listener-attachedroutes-per-listener',
      'listener-accepted-true',
      'listener-programmed-true',
      'listener-resolvedrefs-true',
      'listener-status-entry-per-listener',
      'listener-supportedkinds-grpcroute',
      'listener-port-8080',
    ],
    guards: [
      'istio/istio#58877',
      'istio/istio#61191',
      'kgateway-dev/kgateway#13494',
      'Kong/kubernetes-ingress-controller#4273',
      'aws/aws-application-networking-k8s#979',
      'cilium/cilium#40922',
      'cilium/cilium#31811',
    ],
    anyHost: true,
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'edge-cert' }, ['*.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const route of ['everywhere', 'by-name', 'by-port']) await t.routeMustBeAccepted(route);
    for (const [listener, routes] of [
      ['http-main', 1],
      ['http', 2],
      ['https', 2],
    ] as const) {
      await t.listenerMustHaveCondition('edge', listener, {
        type: 'Accepted',
        status: 'True',
        reason: 'Accepted',
      });
      await t.listenerMustHaveCondition('edge', listener, {
        type: 'Programmed',
        status: 'True',
        reason: 'Programmed',
      });
      await t.listenerMustHaveCondition('edge', listener, {
        type: 'ResolvedRefs',
        status: 'True',
        reason: 'ResolvedRefs',
      });
      await t.listenerMustHaveAttachedRoutes('edge', listener, routes);
    }
    await t.check(
      'one status entry for each listener, each supports GRPCRoute, and HTTPRoute where that is claimed',
      async () => {
        const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
        expect(gateway.status?.listeners?.map(({ name }) => name)).to.have.members([
          'http-main',
          'http',
          'https',
        ]);
        for (const name of ['http-main', 'http', 'https']) {
          for (const kind of ['GRPCRoute', ...(t.supportedFeatures.has('HTTPRoute') ? ['HTTPRoute'] : [])])
            expect(listenerOf(gateway, name)?.supportedKinds).to.deep.include({
              group: 'gateway.networking.k8s.io',
              kind,
            });
        }
      },
      'status',
    );

    await t.callMust({ host: 'any.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'any.example.com', port: 8080 }, { backend: 'v1' });
    await t.callMust({ host: 'any.example.com', tls: { ca } }, { backend: 'v1' });
    await t.callMust({ host: 'by-name.example.com', port: 8080 }, { backend: 'v2' });
    await t.callMust({ host: 'by-port.example.com', tls: { ca } }, { backend: 'v3' });
    // Where the named routes are not attached, the one without hostnames takes the call.
    await t.callMustAlways({ host: 'by-name.example.com' }, { backend: 'v1' }, 3);
    await t.callMustAlways({ host: 'by-name.example.com', tls: { ca } }, { backend: 'v1' }, 3);
    await t.callMustAlways({ host: 'by-port.example.com', port: 8080 }, { backend: 'v1' }, 3);
  },
);
