import { scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { mustSpread, mustStay, routeServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/service-affinity',
    title: "Sessions hold beside a Service's own affinity, or the route is not accepted",
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-service-affinity-conflict', 'session-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['service-affinity.yaml', 'service-affinity-v1.7.0.yaml', 'service-affinity-pool.yaml'],
  },
  async (t) => {
    await t.apply('service-affinity-pool.yaml');
    await pointTo(t, 'pool', 'v1', 'v2', 'v3');
    // An implementation that calls the Service's IP has to decline; any other has no reason to, and its sessions hold.
    if (!(await routeServed(t, 'service-affinity.yaml', 'session-unsupported-visible'))) return;
    await mustSpread(t, {});
    await mustStay(t, await startSession(t));
  },
);
