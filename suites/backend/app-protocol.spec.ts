import { scenario } from '../../harness/index.ts';
import { pointPortsTo, pointTo } from '../endpoint-slices.ts';
import type { Service } from '../shapes.ts';

const unsupported = { type: 'ResolvedRefs', status: 'False', reason: 'UnsupportedProtocol' } as const;

scenario(
  {
    id: 'backend/app-protocol',
    title:
      'A Service port with appProtocol h2c or none carries gRPC; one that declares WebSocket is refused in status, until it is edited, and says nothing of the others',
    support: 'extended',
    clauses: [
      'backend-appprotocol-honoured',
      'backend-appprotocol-h2c-grpcroute',
      'backend-appprotocol-absent-inferred',
      'backend-appprotocol-unsupported-status',
      'backend-invalid-not-redistributed',
    ],
    backends: ['v1'],
    guards: ['envoyproxy/gateway#1912'],
  },
  async (t) => {
    await t.apply();
    for (const service of ['h2c', 'unnamed', 'websocket']) await pointTo(t, service, 'v1');
    await pointPortsTo(t, 'several', { web: 9000, grpc: 9000, 'other-web': 9000 }, 'v1');
    await t.routeMustBeAccepted('to-h2c');
    await t.routeMustBeAccepted('to-unnamed');
    await t.routeMustBeAccepted('web', { kind: 'HTTPRoute' });
    await t.callMust({ host: 'h2c.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'unnamed.example.com' }, { backend: 'v1' });

    await t.routeMustHaveCondition('to-websocket', unsupported);
    await t.callMust({ host: 'websocket.example.com' }, { status: 'UNAVAILABLE', backend: null });
    await t.callMust({ host: 'split.example.com' }, { status: 'UNAVAILABLE', backend: null });
    await t.callMustAlways({ host: 'h2c.example.com' }, { backend: 'v1' }, 3);

    await t.routeMustBeAccepted('to-port-of-grpc');
    await t.callMust({ host: 'port-of-grpc.example.com' }, { backend: 'v1' });
    await t.routeMustHaveCondition('to-port-of-web', unsupported);
    await t.callMust({ host: 'port-of-web.example.com' }, { status: 'UNAVAILABLE', backend: null });

    const declare = (name: string, protocol?: string) =>
      t.update<Service>({ kind: 'Service', name }, ({ spec }) => {
        for (const port of spec.ports) {
          if (protocol === undefined) delete port.appProtocol;
          else port.appProtocol = `kubernetes.io/${protocol}`;
        }
      });
    await declare('websocket', 'h2c');
    await t.routeMustBeAccepted('to-websocket');
    await t.callMust({ host: 'websocket.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'split.example.com' }, { backend: 'v1' });
    for (const protocol of ['ws', 'wss']) {
      await declare('h2c', protocol);
      await t.routeMustHaveCondition('to-h2c', unsupported);
      await t.callMust({ host: 'h2c.example.com' }, { status: 'UNAVAILABLE', backend: null });
      await declare('h2c');
      await t.routeMustBeAccepted('to-h2c');
      await t.callMust({ host: 'h2c.example.com' }, { backend: 'v1' });
    }
  },
);
