import type { LoadCase } from '../legs.ts';
import { loadRoute } from '../routes.ts';
import type { LoadSubject } from '../subject.ts';

function cases(...sizes: number[]): LoadCase[] {
  return sizes.map((size) => ({ name: String(size), size, sizeOf: 'headers' }));
}

function host({ name }: LoadCase): string {
  return `headers-${name}.example.com`;
}

function headersOf({ size = 0 }: LoadCase): [string, string][] {
  return Array.from({ length: size }, (_, n) => [`x-routeproof-header-${n}`, `value-${n}`]);
}

/** What header matches of a rule cost. Calls of every side carry the headers: carrying them costs too. */
export const headers: LoadSubject = {
  name: 'headers',
  title: 'Unary calls whose rule matches a number of headers',
  sides: ['direct', 'floor', 'gateway'],
  calibrated: true,
  againstFirst: true,
  plans: {
    quick: { rateRps: 300, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 300, blocks: 6, blockSeconds: 2, warmupSeconds: 5 },
  },
  // 16 is as many as a match may have.
  cases: { quick: cases(0, 16), long: cases(0, 1, 4, 16) },
  routes: (all) =>
    all.map((of) => {
      const matched = headersOf(of).map(([name, value]) => ({ name, value }));
      return loadRoute(`headers-${of.name}`, host(of), [
        matched.length === 0 ? {} : { matches: [{ headers: matched }] },
      ]);
    }),
  host,
  metadata: (of) => Object.fromEntries(headersOf(of)),
};
