import { scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway, Route } from '../shapes.ts';

/** A Gateway may have as many of its own. */
const most = 64;
/** Pairs that differ in a dot and a dash, and in what comes after 63 characters. */
const near = ['near.by', 'near-by', `${'as-long-'.repeat(8)}as-one`, `${'as-long-'.repeat(8)}as-two`];
/** Those with a route: what is said of the twentieth goes for those after it, and the last one. */
const served = [...Array.from({ length: 19 }, (_, index) => index), most - 1];
/** l1 stays one of those that l10 to l19 begin with. */
const nameOf = (index: number): string => near[index - 4] ?? `l${String(index)}`;
const hostOf = (index: number): string => `many-${String(index)}.example.com`;

scenario(
  {
    id: 'listener/many',
    title:
      'Each of 64 listeners on one port serves its own routes and says so, however much its name is like another',
    support: 'core',
    clauses: [
      'listener-distinct-required',
      'parentref-sectionname-selects-listener',
      'listener-accepted-true',
      'listener-programmed-true',
      'listener-attachedroutes-per-listener',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge' },
      spec: {
        gatewayClassName: 'routeproof',
        listeners: Array.from({ length: most }, (_, index) => ({
          name: nameOf(index),
          port: 80,
          protocol: 'HTTP',
          hostname: hostOf(index),
        })),
      },
    };
    // Neighbours have different backends, so that a call which another listener's route takes is seen.
    const backendOf = (index: number): string => (index % 2 === 0 ? 'v1' : 'v2');
    const routes = served.map((index): Route => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: nameOf(index) },
      spec: {
        parentRefs: [{ name: 'edge', sectionName: nameOf(index) }],
        rules: [{ backendRefs: [{ name: backendOf(index), port: 9000 }] }],
      },
    }));
    await t.applyObjects(gateway, ...routes);
    await t.gatewayMustBeProgrammed('edge');
    for (const index of served) await t.routeMustBeAccepted(nameOf(index));
    for (const index of served) await t.listenerMustHaveAttachedRoutes('edge', nameOf(index), 1);
    await t.until<Gateway>(
      { kind: 'Gateway', name: 'edge' },
      'all its listeners are Accepted and Programmed',
      ({ status }) =>
        status?.listeners?.length === most &&
        status.listeners.every(({ conditions }) =>
          ['Accepted', 'Programmed'].every((type) => conditionOf(conditions, type)?.status === 'True'),
        ),
      'status',
    );
    for (const index of served)
      for (const type of ['Accepted', 'Programmed'])
        await t.listenerMustHaveCondition('edge', nameOf(index), { type, status: 'True' });
    for (const index of served) await t.callMust({ host: hostOf(index) }, { backend: backendOf(index) });
  },
);
