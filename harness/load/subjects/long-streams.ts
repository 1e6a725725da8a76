import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '../../kube/objects.ts';
import type { Scenario } from '../../specs/api.ts';
import { loadRoute } from '../routes.ts';
import type { LoadSubject } from '../subject.ts';

const neighbours = 5;
/** Ten changes a second, each alone. */
const changeEveryMs = 100;

function neighbourHost(n: number): string {
  return `neighbour-${n}.example.com`;
}

/** Ten streams a side, open for the whole run, while other routes of the same listener come, change and go. */
export const longStreams: LoadSubject = {
  name: 'long-streams',
  title:
    'Streams that stay open, with five messages a second each, while other routes of the same Gateway change',
  sides: ['direct', 'floor', 'gateway'],
  sliced: true,
  timed: 'message',
  plans: {
    // Messages a second of a side: each stream sends five.
    quick: { rateRps: 50, blocks: 6, blockSeconds: 3, warmupSeconds: 2 },
    long: { rateRps: 50, blocks: 12, blockSeconds: 10, warmupSeconds: 5 },
  },
  routes: () => [
    loadRoute('load'),
    ...Array.from({ length: neighbours }, (_, n) => loadRoute(`neighbour-${n}`, neighbourHost(n))),
  ],
  during: async (t, ended) => {
    let changes = 0;
    while (!ended.aborted) {
      await change(t, changes);
      changes += 1;
      await sleep(changeEveryMs, undefined, { signal: ended }).catch(() => undefined);
    }
    return `${changes} changes of other routes (rules changed, routes added and removed) were made while the streams were open.`;
  },
};

/** In turn: a rule of a neighbour changes, a route comes, a rule of another neighbour changes, the route goes. */
async function change(t: Scenario, n: number): Promise<void> {
  const passing = `passing-${Math.floor(n / 4)}`;
  if (n % 4 === 1) {
    await t.applyObjects(loadRoute(passing, `${passing}.example.com`));
  } else if (n % 4 === 3) {
    await t.remove({ kind: 'GRPCRoute', name: passing });
  } else {
    const matches = [{ headers: [{ name: 'x-routeproof-turn', value: String(n) }] }];
    await t.update<Route>({ kind: 'GRPCRoute', name: `neighbour-${n % neighbours}` }, (route) => {
      const { spec } = loadRoute('', neighbourHost(n % neighbours), [{ matches }, {}]);
      const { rules } = spec as { rules: unknown[] };
      route.spec = { ...route.spec, rules } as NonNullable<Route['spec']>;
    });
  }
}
