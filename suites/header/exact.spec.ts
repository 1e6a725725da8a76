import { expect, scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/exact',
    title: 'An Exact header match selects calls that carry exactly that value, on every host of its route',
    support: 'core',
    clauses: [
      'header-exact-value',
      'header-missing-does-not-match',
      'header-exact-whole-value',
      'header-type-defaults-exact',
      'grpcroute-unmatched-headers-unimplemented',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('by-version');
    await t.callMust({ host, metadata: { version: 'one' } }, { backend: 'v1' });
    await t.callMust({ host, metadata: { version: 'two' } }, { backend: 'v2' });

    for (const version of ['three', 'ones', 'on', 'One', 'ONE', 'one two', 'one,two', 'three, one', '']) {
      await t.callMustAlways({ host, metadata: { version } }, refused, 3);
    }
    await t.callMustAlways({ host }, refused, 3);
    const second = 'second.example.com';
    await t.callMust({ host: second, metadata: { version: 'two' } }, { backend: 'v2' });
    await t.callMustAlways({ host: second, metadata: { version: 'three' } }, refused, 3);
    await t.callMustAlways({ host: second }, refused, 3);
    await t.callMustAlways({ host, metadata: { 'x-version': 'one' } }, refused, 3);

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'by-version' });
    await t.check('a header match without type is stored as Exact', () => {
      expect(route.spec.rules?.[0]?.matches?.[0]?.headers?.[0]).to.include({ type: 'Exact' });
    });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'by-version' }, ({ spec }) => {
      for (const header of spec.rules?.[0]?.matches?.[0]?.headers ?? []) header.value = 'three';
    });
    await t.callMust({ host, metadata: { version: 'three' } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { version: 'one' } }, refused, 3);
  },
);
