import { scenario } from '../../harness/index.ts';
import { probe, probeTwo } from '../methods.ts';
import { refused } from '../expected.ts';

const metadata = { 'x-tenant': 'gold' };
const grpc = { host: 'grpc.example.com', metadata };
const http = { host: 'http.example.com', metadata };

scenario(
  {
    id: 'precedence/beside-httproute',
    title: 'The rules of an HTTPRoute, however specific, never attract calls of a GRPCRoute, and the reverse',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: ['precedence-no-merge-with-httproute', 'grpcroute-multiple-routes-share-listener'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('by-method');
    await t.routeMustBeAccepted('by-path', { kind: 'HTTPRoute' });
    await t.callMust({ ...grpc, method: probe }, { backend: 'v1' });
    await t.callMust({ ...http, method: probe }, { backend: 'v2' });
    await t.callMust({ ...http, method: probeTwo }, { backend: 'v2' });
    await t.callMustAlways({ ...grpc, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ ...grpc, method: probeTwo }, refused, 3);
    await t.callMustAlways({ host: http.host, method: probe }, { status: 'UNIMPLEMENTED', backend: null }, 3);
  },
);
