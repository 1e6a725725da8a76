import { scenario, type Scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import { unavailable } from '../expected.ts';

/** By which of the two protocols its ports begin. */
const services = ['mixed', 'datagrams-first'];

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
    for (const service of services) await pointTo(t, service, 'v1');
    await t.apply();
    for (const service of services) await mustBeCalledOrDeclined(t, service);
  },
);

async function mustBeCalledOrDeclined(t: Scenario, service: string): Promise<void> {
  const call = { host: `${service}.example.com` };
  const name = `to-${service}`;
  const route = await t.until(
    { kind: 'GRPCRoute', name },
    'a ResolvedRefs condition at the current generation',
    (object) => conditionOf(currentConditions(t, object), 'ResolvedRefs') !== undefined,
    'status',
  );
  const resolved = conditionOf(currentConditions(t, route), 'ResolvedRefs');
  if (resolved?.status === 'False' && resolved.reason === 'UnsupportedProtocol') {
    t.note(`${service}: a port of two protocols is not supported, and the route says so`);
    await t.callMust(call, unavailable);
    return;
  }
  await t.routeMustBeAccepted(name);
  await t.callMust(call, { backend: 'v1' });
  await t.callMustAlways(call, { backend: 'v1' });
}
