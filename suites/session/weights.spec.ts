import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { sampleSize, sharesMustBe } from '../weight/shares.ts';
import { call, mustStay, routeServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/weights',
    title: 'Weights share out calls without a session, and take nobody out of one, not even at 0',
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-initial-weights-honoured', 'session-beats-weights', 'session-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['weights.yaml', 'weights-v1.7.0.yaml'],
  },
  async (t) => {
    if (!(await routeServed(t, 'weights.yaml', 'session-unsupported-visible'))) return;
    await sharesMustBe(t, await t.distribution(call, sampleSize), { v1: 0.7, v2: 0.3 });
    const session = await startSession(t);
    await mustStay(t, session);

    const other = session.backend === 'v1' ? 'v2' : 'v1';
    await t.update<Route>({ kind: 'GRPCRoute', name: 'kept' }, (route) => {
      for (const ref of route.spec.rules?.[0]?.backendRefs ?? [])
        ref.weight = ref.name.endsWith(other) ? 1 : 0;
    });
    await t.routeMustBeAccepted('kept');
    await t.barrier();
    await t.callMust(call, { backend: other });
    await t.callMustAlways(call, { backend: other }, 30);
    await mustStay(t, session);
  },
);
