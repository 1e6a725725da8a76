import { scenario } from '../../harness/index.ts';
import { unavailable, unserved } from '../expected.ts';
import { pointTo } from '../endpoint-slices.ts';
import type { Route } from '../shapes.ts';

const call = { host: 'checkout.example.com' };
/** Of a Service that is there all the time. */
const beside = { host: 'beside.example.com' };
/** Of one Service. */
const routes = ['checkout', 'search'];
const unresolved = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' } as const;

scenario(
  {
    id: 'backend/service-comes-and-goes',
    title:
      'A Service created after its route is served without an edit of the route, its deletion ends that for it alone, and it may come back with another port',
    support: 'core',
    clauses: [
      'backend-recovers',
      'backend-deleted-later',
      'backend-not-found-status',
      'backend-all-invalid-unavailable',
      'backend-port-is-service-port',
      'backend-service-forwarding',
      'grpcroute-update-takes-effect',
    ],
    guards: ['projectcontour/contour#5476', 'cilium/cilium#47268', 'aws/aws-application-networking-k8s#350'],
    backends: ['v1'],
    manifests: [
      'service-comes-and-goes.yaml',
      'service-comes-and-goes.service.yaml',
      'service-comes-and-goes.elsewhere.yaml',
    ],
  },
  async (t) => {
    const missing = async (): Promise<void> => {
      for (const route of routes) {
        await t.routeMustHaveCondition(route, unresolved);
        await t.callMust({ host: `${route}.example.com` }, unserved);
      }
    };
    const served = async (): Promise<void> => {
      for (const route of routes) {
        await t.routeMustBeAccepted(route);
        await t.callMust({ host: `${route}.example.com` }, { backend: 'v1' });
      }
    };
    await t.apply();
    await pointTo(t, 'late-not', 'v1');
    await missing();

    await t.apply('service-comes-and-goes.service.yaml');
    await pointTo(t, 'late', 'v1');
    await t.implied(['backend-recovers'], served);
    await t.callMust(beside, { backend: 'v1' });

    await t.remove({ kind: 'Service', name: 'late' });
    await t.implied(['backend-deleted-later'], missing);
    await t.callMustAlways(beside, { backend: 'v1' }, 3);
    // A gateway that goes on serving it has been told so. What one says that does not is no matter of inference.
    const backends: (string | undefined)[] = [];
    for (let n = 0; n < 5; n++) backends.push((await t.call(call)).backend);
    if (backends.every((backend) => backend === undefined)) {
      await t.callMust(call, unavailable);
      await t.callMustAlways(call, unavailable);
    }

    await t.apply('service-comes-and-goes.service.yaml');
    await pointTo(t, 'late', 'v1');
    await t.implied(['backend-recovers'], served);

    await t.remove({ kind: 'Service', name: 'late' });
    await t.implied(['backend-deleted-later'], missing);
    await t.apply('service-comes-and-goes.elsewhere.yaml');
    await pointTo(t, 'late', 'v1');
    // So that the new Service is known when the route is edited.
    await t.barrier();
    for (const name of routes)
      await t.update<Route>({ kind: 'GRPCRoute', name }, ({ spec }) => {
        for (const { backendRefs = [] } of spec.rules ?? []) for (const ref of backendRefs) ref.port = 8080;
      });
    await served();
  },
);
