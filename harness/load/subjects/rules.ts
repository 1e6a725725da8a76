import type { KubeObject } from '../../kube/objects.ts';
import type { LoadCase } from '../legs.ts';
import { loadRoute } from '../routes.ts';
import type { LoadSubject } from '../subject.ts';

/** As many as a GRPCRoute may have; more rules of a hostname are further routes. */
const rulesOfRoute = 16;
const header = 'x-routeproof-rule';

function cases(...sizes: number[]): LoadCase[] {
  return sizes.map((size, index) => ({
    name: String(size),
    size,
    sizeOf: 'rules',
    // Nothing of them depends on the number of rules.
    ...(index > 0 && { sides: ['gateway'] }),
  }));
}

function host({ name }: LoadCase): string {
  return `rules-${name}.example.com`;
}

/** Every rule matches one value of the same header, so that only their order tells which is looked at last. */
function routesOf(of: LoadCase): KubeObject[] {
  const size = of.size ?? 1;
  return Array.from({ length: Math.ceil(size / rulesOfRoute) }, (_, route) => {
    const first = route * rulesOfRoute;
    const rules = Array.from({ length: Math.min(rulesOfRoute, size - first) }, (_each, n) => ({
      matches: [{ headers: [{ name: header, value: String(first + n) }] }],
    }));
    return loadRoute(`rules-${of.name}-${String(route).padStart(3, '0')}`, host(of), rules);
  });
}

/** What it costs that a call is matched by the last of many rules of its hostname. */
export const rules: LoadSubject = {
  name: 'rules',
  title: 'Unary calls that the last of a number of rules of their hostname matches',
  sides: ['direct', 'floor', 'gateway'],
  calibrated: true,
  againstFirst: true,
  plans: {
    quick: { rateRps: 300, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 300, blocks: 10, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: cases(1, 1000), long: cases(1, 10, 100, 1000) },
  routes: (all) => all.flatMap(routesOf),
  host,
  // The rules of the oldest route come first, then those of the first by name: with equal matches the last written is the last looked at.
  metadata: (of) => ({ [header]: String((of.size ?? 1) - 1) }),
};
