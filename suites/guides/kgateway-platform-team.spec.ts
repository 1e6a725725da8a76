import { expect, scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';
import { certificateOfTheGuide } from './commands.ts';

const gateway = 'kgateway-system/grpc-gateway';
const inApp = { namespace: 'app-namespace' };
const refused = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;
const echo = {
  gateway,
  host: 'grpc.example.com',
  method: 'echo.Echo/Echo',
  message: { text: 'hello' },
  tls: true,
} as const;

scenario(
  {
    id: 'guides/kgateway-platform-team',
    title:
      'Pitfall "TLS Configuration Errors" and the cross-namespace pattern: allowedRoutes lets a route in, a grant does not',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'tls-profile-kgateway-secret-status',
      'tls-secret-nonexistent',
      'tls-secret-recovers',
      'listener-profile-kgateway-from-same',
      'refgrant-profile-kgateway-parent',
      'parentref-referencegrant-not-consulted',
      'parentref-cross-namespace-allowed',
      'parentref-cross-namespace-denied',
    ],
    backends: ['app-namespace/grpc-echo'],
    manifests: ['kgateway-platform-team.yaml', 'kgateway/reference-grant.yaml'],
  },
  async (t) => {
    await t.apply();
    const missing = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef' } as const;
    await t.listenerMustHaveCondition(gateway, 'https', missing);
    await t.listenerMustHaveCondition(gateway, 'https', { type: 'Programmed', status: 'False' });

    await certificateOfTheGuide(t, t.namespace('app-namespace'));
    // Why is asked further down, when the listener itself has no fault that a route could be refused for.
    await t.routeMustHaveCondition('echo-route', { type: 'Accepted', status: 'False' }, inApp);
    await t.listenerMustHaveCondition(gateway, 'https', missing);
    await certificateOfTheGuide(t, t.namespace('kgateway-system'));
    await t.implied(['tls-secret-recovers'], () =>
      t.listenerMustHaveCondition(gateway, 'https', { type: 'Programmed', status: 'True' }),
    );
    // Changes nothing but the generation: a Gateway that looks for Secrets only when it is edited is to be judged for the rest, too.
    await t.update<Gateway>(
      { kind: 'Gateway', name: 'grpc-gateway', namespace: 'kgateway-system' },
      ({ spec }) => {
        for (const listener of spec.listeners)
          listener.allowedRoutes = { ...listener.allowedRoutes, kinds: [{ kind: 'GRPCRoute' }] };
      },
    );

    t.note(
      'The guide says a ReferenceGrant from GRPCRoute to Gateway lets a route of another namespace attach. In Gateway API ' +
        "only the listener's allowedRoutes does; the guide's own Gateway says from: Same.",
    );
    await t.apply('kgateway/reference-grant.yaml');
    await t.gatewayMustBeProgrammed(gateway);
    await t.routeMustHaveCondition('echo-route', refused, inApp);
    await t.listenerMustHaveAttachedRoutes(gateway, 'https', 0);
    // Not UNIMPLEMENTED in particular: nothing says that a port is open which no route is served on.
    await t.check(
      'the route is not served',
      async () => {
        for (let count = 0; count < 5; count += 1) {
          const { status, backend } = await t.call(echo);
          expect(status).not.to.equal(0);
          expect(backend).to.equal(undefined);
        }
      },
      'routed',
    );

    await t.remove({
      kind: 'ReferenceGrant',
      name: 'allow-grpcroutes-from-app-namespace',
      namespace: 'kgateway-system',
    });
    await t.update<Gateway>(
      { kind: 'Gateway', name: 'grpc-gateway', namespace: 'kgateway-system' },
      ({ spec }) => {
        for (const listener of spec.listeners) listener.allowedRoutes = { namespaces: { from: 'All' } };
      },
    );
    await t.routeMustBeAccepted('echo-route', inApp);
    await t.callMust(echo, { backend: 'app-namespace/grpc-echo' });
  },
);
