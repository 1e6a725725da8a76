import { scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import { unavailable } from '../expected.ts';

const call = { host: 'mixed.example.com' };

scenario(
  {
    id: 'backend/mixed-protocol',
    title:
      'A Service port that is both TCP and UDP is called over TCP, or declined as an unsupported protocol',
    support: 'extended',
    clauses: ['backend-mixed-protocol-port'],
    backends: ['v1'],
  },
  async (t) => {
    await pointTo(t, 'mixed', 'v1');
    await t.apply();
    const route = await t.until(
      { kind: 'GRPCRoute', name: 'to-mixed' },
      'a ResolvedRefs condition at the current generation',
      (object) => conditionOf(currentConditions(t, object), 'ResolvedRefs') !== undefined,
      'status',
    );
    const resolved = conditionOf(currentConditions(t, route), 'ResolvedRefs');
    if (resolved?.status === 'False' && resolved.reason === 'UnsupportedProtocol') {
      t.note('a port of two protocols is not supported, and the route says so');
      await t.callMust(call, unavailable);
      return;
    }
    await t.routeMustBeAccepted('to-mixed');
    await t.callMust(call, { backend: 'v1' });
    await t.callMustAlways(call, { backend: 'v1' });
  },
);
