import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { probe, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';

const [first, second] = ['first.example.com', 'second.example.com'];
const finalizer = 'example.org/held';

scenario(
  {
    id: 'method/exchanged',
    title:
      'Two routes exchange hostnames and matches, one after the other and at once, and are followed, also while a third one is held back from its deletion',
    support: 'core',
    clauses: [
      'grpcroute-update-takes-effect',
      'grpcroute-multiple-routes-share-listener',
      'hostname-exact-listener-exact-route',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const edit = (name: string, change: (spec: Route['spec']) => void) =>
      t.update<Route>({ kind: 'GRPCRoute', name }, ({ spec }) => {
        change(spec);
      });
    const serve = (name: string, host: string) =>
      edit(name, (spec) => {
        spec.hostnames = [t.host(host)];
      });
    const match = (name: string, service: string) =>
      edit(name, (spec) => {
        for (const rule of spec.rules ?? []) rule.matches = [{ method: { service, method: 'Unary' } }];
      });
    const pointTo = (name: string, backend: string) =>
      edit(name, (spec) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: backend, port: 9000 }];
      });
    await t.apply();
    await t.callMust({ host: first, method: probe }, { backend: 'v1' });
    await t.callMust({ host: second, method: probeTwo }, { backend: 'v2' });

    await serve('first', second);
    await t.callMust({ host: second, method: probe }, { backend: 'v1' });
    await serve('second', first);
    await t.callMust({ host: first, method: probeTwo }, { backend: 'v2' });
    await t.callMustAlways({ host: first, method: probe }, refused, 3);
    await t.callMustAlways({ host: second, method: probeTwo }, refused, 3);
    // What one has left is still the other's.
    await t.callMustAlways({ host: second, method: probe }, { backend: 'v1' }, 3);

    // On one host, where each takes what the other one had.
    await serve('second', second);
    await t.callMust({ host: second, method: probeTwo }, { backend: 'v2' });
    await Promise.all([match('first', 'routeproof.v1.ProbeTwo'), match('second', 'routeproof.v1.Probe')]);
    await t.callMust({ host: second, method: probeTwo }, { backend: 'v1' });
    await t.callMust({ host: second, method: probe }, { backend: 'v2' });
    await Promise.all([pointTo('first', 'v2'), pointTo('second', 'v1')]);
    await t.callMust({ host: second, method: probeTwo }, { backend: 'v2' });
    await t.callMust({ host: second, method: probe }, { backend: 'v1' });

    // Whoever holds a route back from its deletion holds back no other one.
    const leaving = { kind: 'GRPCRoute', name: 'leaving' };
    await t.callMust({ host: 'leaving.example.com' }, { backend: 'v1' });
    await t.update<Route>(leaving, ({ metadata }) => {
      if (metadata !== undefined) metadata.finalizers = [finalizer];
    });
    const deleted = await t.kubectl(['delete', 'grpcroute', 'leaving', '--wait=false']);
    await t.check(
      'the deletion is taken',
      () => expect(deleted.exitCode, deleted.stderr).to.equal(0),
      'apply',
    );
    await t.until<Route>(
      leaving,
      'it is marked for deletion',
      ({ metadata }) => metadata?.deletionTimestamp !== undefined,
    );
    await pointTo('first', 'v1');
    await t.callMust({ host: second, method: probeTwo }, { backend: 'v1' });
    await serve('first', first);
    await t.callMust({ host: first, method: probeTwo }, { backend: 'v1' });
    await t.update<Route>(leaving, ({ metadata }) => {
      if (metadata !== undefined) metadata.finalizers = [];
    });
    await t.callMust({ host: 'leaving.example.com' }, refused);
    await t.callMustAlways({ host: second, method: probe }, { backend: 'v1' }, 3);
  },
);
