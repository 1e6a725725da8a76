import { scenario } from '../../harness/index.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/header-count',
    title: 'Of rules that fit, the one with more header matches wins',
    support: 'core',
    clauses: ['precedence-header-count'],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('fewest-headers-first');
    await t.callMust({ host, metadata: { a: '1', b: '2', c: '3' } }, { backend: 'v3' });

    const four = { a: '1', b: '2', c: '3', d: '4' };
    await t.callMustAlways({ host, metadata: four }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata: { ...four, e: '5' } }, { backend: 'v4' });
    await t.callMustAlways({ host, metadata: { a: '1', b: '2' } }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata: { a: '1', c: '3' } }, { backend: 'v1' });
  },
);
