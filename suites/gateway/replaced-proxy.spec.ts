import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Gateway, Route } from '../shapes.ts';
import { steadyCalls } from '../steady-calls.ts';

const label = 'gateway.networking.k8s.io/gateway-name=edge';
const edge = { kind: 'Gateway', name: 'edge' };
const call = { host: 'rpc.example.com' };
const gone = { host: 'gone.example.com' };

scenario(
  {
    id: 'gateway/replaced-proxy',
    title:
      'A proxy in the place of another serves what is in force now, from its first call on, over TLS as well, whatever else is broken',
    support: 'extended',
    features: ['GatewayInfrastructure'],
    clauses: [
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
      'gateway-programmed-true',
      'grpcroute-known-to-new-proxies',
      'tls-terminate-secret',
      'tls-secret-nonexistent',
    ],
    guards: [
      'envoyproxy/gateway#8739',
      'envoyproxy/gateway#9463',
      'istio/istio#14739',
      'kgateway-dev/kgateway#6957',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'rpc-cert' }, [call.host]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust(call, { backend: 'v1' });
    await t.callMust({ ...call, tls: { ca } }, { backend: 'v1' });
    await t.callMust(gone, { backend: 'v1' });
    await t.update<Route>({ kind: 'GRPCRoute', name: 'rpc' }, ({ spec }) => {
      for (const { backendRefs = [] } of spec.rules ?? []) for (const ref of backendRefs) ref.name = 'v2';
    });
    await t.remove({ kind: 'GRPCRoute', name: 'gone' });
    await t.callMust(call, { backend: 'v2' });
    await t.callMust(gone, refused);
    // A proxy that knows its other listeners goes on with them. One that comes now has to be told of them beside the broken one.
    await t.update<Gateway>(edge, ({ spec }) => {
      spec.listeners.push({
        name: 'broken',
        protocol: 'HTTPS',
        port: 443,
        hostname: t.host('broken.example.com'),
        tls: { certificateRefs: [{ name: 'missing-cert' }] },
      });
    });
    await t.listenerMustHaveCondition('edge', 'broken', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidCertificateRef',
    });

    const podsNow = async (): Promise<string[]> => {
      const { stdout } = await t.kubectl(['get', 'pods', '-l', label, '-o', 'name']);
      return stdout.split('\n').filter((name) => name !== '');
    };
    const pods = await podsNow();
    if (pods.length === 0) {
      t.note('No pod of the Gateway is in its namespace: there is nothing to replace.');
      return;
    }
    // One that is sent to a proxy that is gone may never be answered.
    const steady = [
      steadyCalls(t, { ...call, deadlineMs: 1000 }),
      steadyCalls(t, { ...call, deadlineMs: 1000, tls: { ca }, connection: 'steady over TLS' }),
    ];
    const deleted = await t.kubectl(['delete', ...pods, '--grace-period=1', '--wait=false']);
    await t.check(
      'its pods can be deleted',
      () => expect(deleted.exitCode, deleted.stderr).to.equal(0),
      'apply',
    );
    await t.askUntil({
      what: 'the pods that were deleted are gone',
      ask: podsNow,
      isSo: (now) => !pods.some((pod) => now.includes(pod)),
      seen: (now) => now.join(', '),
      layer: 'programmed',
    });
    for (const listener of ['http', 'https'])
      await t.listenerMustHaveCondition('edge', listener, { type: 'Programmed', status: 'True' });
    await t.callMust(call, { backend: 'v2' });
    const anew = { tls: { ca }, connection: 'replaced', fresh: true } as const;
    await t.callMust({ ...call, ...anew }, { backend: 'v2' });
    await t.callMustAlways(call, { backend: 'v2' }, 3);
    await t.callMustAlways(gone, refused, 3);
    const results = (await Promise.all(steady.map((calls) => calls.stop()))).flat();
    if (results.every(({ status }) => status === 0)) t.note('No call was lost while the proxy was replaced.');
    await t.implied(['grpcroute-known-to-new-proxies'], () =>
      t.check(
        'no call was refused meanwhile, in the clear or over TLS, whether there was a proxy for it or not',
        () => {
          const statuses = new Set(results.map(({ statusName }) => statusName));
          expect([...statuses]).to.not.include('UNIMPLEMENTED');
        },
        'routed',
      ),
    );
  },
);
