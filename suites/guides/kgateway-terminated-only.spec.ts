import { expect, scenario } from '../../harness/index.ts';
import type { CallResult } from '../../harness/index.ts';
import { pointPortsTo } from '../endpoint-slices.ts';

const host = 'grpc.example.com';

/** Whether the connection was TLS as the backend saw it; the guide's own service does not tell. */
function arrivedOverTls({ responses }: CallResult): boolean | undefined {
  const received = responses[0]?.['received'] as { tls?: { enabled?: boolean } | null } | undefined;
  return received && received.tls?.enabled === true;
}

scenario(
  {
    id: 'guides/kgateway-terminated-only',
    title:
      'TLS of gRPC calls ends at the gateway, and a GRPCRoute attaches to no listener that passes it through',
    support: 'core',
    clauses: [
      'tls-profile-kgateway-terminated-only',
      'tls-passthrough-not-for-grpcroute',
      'tls-terminate-secret',
    ],
    backends: ['grpc-echo'],
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'grpc-example-com-cert' }, [host]);
    await t.apply();
    await pointPortsTo(t, 'grpc-echo-tls', { tls: 9443 }, 'grpc-echo');
    await t.listenerMustHaveCondition('grpc-gateway', 'https', { type: 'Programmed', status: 'True' });
    await t.routeMustBeAccepted('echo-route');
    // Trusting the Gateway's certificate only; what comes to the backend is not TLS any more.
    const inTheClear = (result: CallResult): void => {
      expect(arrivedOverTls(result)).to.equal(false);
    };
    await t.callMust({ host, tls: { ca } }, { backend: 'grpc-echo', also: inTheClear });
    await t.routeMustHaveCondition('sealed-route', {
      type: 'Accepted',
      status: 'False',
      reason: ['NotAllowedByListeners', 'NoMatchingParent'],
    });
    const passed = await t.call({ host, port: 8443, tls: { ca: t.backendCa } });
    await t.check(
      'no backend is reached through the listener that passes TLS through',
      () => expect(passed.backend).to.equal(undefined),
      'tls',
    );
  },
);
