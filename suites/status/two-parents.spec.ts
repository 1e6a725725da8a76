import { expect, scenario } from '../../harness/index.ts';
import { entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const parent = (sectionName: string) => ({
  parent: { name: 'shared', namespace: 'routeproof-base', sectionName },
});
const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;
const noParent = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' } as const;
const resolved = { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' } as const;
const ref = { kind: 'GRPCRoute', name: 'checkout' };
/** A route may have 32 parents. */
const missing = Array.from({ length: 30 }, (_, index) =>
  index === 0 ? 'no-such-listener' : `no-such-listener-${String(index + 1)}`,
);

scenario(
  {
    id: 'status/two-parents',
    title:
      'Each parentRef has an entry and a verdict of its own; one that is removed takes its entry and traffic with it',
    support: 'core',
    clauses: [
      'status-entry-per-parentref',
      'status-entry-echoes-parentref',
      'status-controllername-set',
      'status-no-duplicate-entries',
      'status-entries-only-for-declared-refs',
      'status-nomatchingparent',
      'status-observedgeneration-current',
      'status-removed-parentref-cleaned',
      'status-last-parentref-cleaned',
      'parentref-multiple-sections-same-gateway',
      'parentref-sectionname-not-found',
      'parentref-removed-detaches',
      'parentref-sectionname-omitted-all-listeners',
      'grpcroute-update-takes-effect',
      'backend-not-found-status',
      'status-resolvedrefs-true-reason',
    ],
    guards: ['envoyproxy/gateway#4264', 'kgateway-dev/kgateway#14293', 'envoyproxy/gateway#774'],
    backends: ['v1'],
  },
  async (t) => {
    const sections = async (): Promise<(string | undefined)[]> =>
      entriesOf(await t.get<Route>(ref), t.controllerName).map((entry) => entry.parentRef.sectionName);

    await t.apply();
    await t.routeMustHaveCondition('checkout', accepted, parent('http'));
    await t.routeMustHaveCondition('checkout', accepted, parent('https'));
    await t.routeMustHaveCondition('checkout', noParent, parent('no-such-listener'));
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
    await t.check(
      'one entry for each parentRef, which repeats it',
      async () => {
        expect(await sections()).to.have.members(['http', 'https', ...missing]);
        for (const entry of entriesOf(await t.get<Route>(ref), t.controllerName)) {
          expect(entry.parentRef).to.include({
            name: 'shared',
            namespace: t.namespace('routeproof-base'),
            kind: 'Gateway',
          });
        }
      },
      'status',
    );

    // Counts at the route's new generation only. Which of its parents comes first means nothing.
    await t.update<Route>(ref, ({ spec }) => {
      spec.hostnames?.push(t.host('more.example.com'));
      spec.parentRefs?.reverse();
    });
    for (const section of ['http', 'https'])
      await t.routeMustHaveCondition('checkout', accepted, parent(section));
    await t.routeMustHaveCondition('checkout', noParent, parent('no-such-listener'));

    const pointTo = (name: string) =>
      t.update<Route>(ref, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
    await pointTo('ghost');
    const ghost = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' } as const;
    for (const section of ['http', 'https'])
      await t.routeMustHaveCondition('checkout', ghost, parent(section));
    await pointTo('v1');
    for (const section of ['http', 'https'])
      await t.routeMustHaveCondition('checkout', resolved, parent(section));
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });

    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = (spec.parentRefs ?? []).filter((parentRef) => parentRef.sectionName === 'https');
    });
    await t.routeMustHaveNoParent('checkout', parent('http'));
    await t.routeMustHaveNoParent('checkout', parent('no-such-listener'));
    await t.callMust({ host: 'checkout.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
    await t.callMustAlways({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });

    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = [{ name: 'shared', namespace: t.namespace('routeproof-base') }];
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = [];
    });
    await t.routeMustHaveNoParent('checkout', parent('https'));
    await t.callMust({ host: 'checkout.example.com', tls: true }, { status: 'UNIMPLEMENTED', backend: null });
  },
);
