import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { echo } from '../methods.ts';
import type { Route, RouteRule } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'method.example.com';
const overTls = { host, tls: true } as const;

/** Edits after which the calls of the first rule are served as before. */
const edits: ((route: Route, rule: RouteRule, t: Scenario) => void)[] = [
  (_route, rule) => {
    const requestHeaderModifier = { set: [{ name: 'x-edited', value: 'yes' }] };
    rule.filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier } as { type: string }];
  },
  ({ spec }, _rule, t) => {
    spec.hostnames = [...(spec.hostnames ?? []), t.host('also.example.com')];
  },
  ({ spec }, rule) => {
    const [service = '', method = ''] = echo.split('/');
    spec.rules = [
      { matches: [{ method: { service, method } }], backendRefs: [{ name: 'v1', port: 9000 }] },
      rule,
    ];
  },
  ({ spec }) => {
    const last = spec.rules?.at(-1);
    if (last !== undefined) last.backendRefs = ['v1', 'v2'].map((name) => ({ name, port: 9000, weight: 1 }));
  },
  ({ spec }) => {
    const last = spec.rules?.at(-1);
    if (last !== undefined) last.matches = [{ headers: [{ name: 'x-unsent', value: 'yes' }] }, {}];
  },
  ({ spec }) => {
    const [parent = { name: '' }] = spec.parentRefs ?? [];
    spec.parentRefs = ['http', 'https'].map((sectionName) => ({ ...parent, sectionName }));
  },
  ({ metadata }) => {
    if (metadata !== undefined) metadata.labels = { ...metadata.labels, edited: 'yes' };
  },
];

scenario(
  {
    id: 'method/change-without-loss',
    title:
      'No call fails, in the clear or over TLS, while its route changes backends, or any other part of it is edited',
    support: 'core',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    backends: ['v1', 'v2'],
    guards: ['envoyproxy/gateway#6287', 'projectcontour/contour#2151'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('busy');
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMust(overTls, { backend: 'v1' });

    const calls = [steadyCalls(t, { host }), steadyCalls(t, overTls, 1)];
    for (const backend of ['v2', 'v1', 'v2', 'v1', 'v2']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'busy' }, (route) => {
        route.spec.rules = [{ backendRefs: [{ name: backend, port: 9000 }] }];
      });
      for (const call of [{ host }, overTls]) await t.callMust(call, { backend });
    }
    for (const edit of edits) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'busy' }, (route) => {
        const [rule] = route.spec.rules ?? [];
        if (rule !== undefined) edit(route, rule, t);
      });
      await t.barrier();
      await t.barrier({ tls: true });
    }
    const results = await Promise.all(calls.map((each) => each.stop()));
    await t.check('every call during the changes was answered', () => {
      expect(results.flatMap(lost)).to.deep.equal([]);
    });
  },
);
