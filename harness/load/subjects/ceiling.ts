import type { LoadCase } from '../legs.ts';
import type { LoadSubject } from '../subject.ts';

/** Rates that are tried one beside the other. */
export function rateCases(...rates: number[]): LoadCase[] {
  return rates.map((rate) => ({ name: String(rate), size: rate, sizeOf: 'rps', rateRps: rate }));
}

/** What a call costs at rising rates, and the highest at which every call was made in time and answered. */
export const ceiling: LoadSubject = {
  name: 'ceiling',
  title: 'Unary calls at rising rates, and the highest that was held',
  sides: ['direct', 'floor', 'gateway'],
  rising: true,
  plans: {
    quick: { rateRps: 250, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 250, blocks: 6, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: rateCases(250, 500, 1000, 2000), long: rateCases(250, 500, 1000, 1500, 2000, 3000, 4000) },
};
