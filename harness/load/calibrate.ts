import type { LoadResult } from '../results/load.ts';
import type { LoadPlan } from './subject.ts';

/** Of the highest rate that was held: the machine has other things to do in the minutes that follow. */
const shareOfHeld = 0.5;
/** Where not even the lowest was held. */
const leastRps = 50;

/** About 14 s: a second of each rate through the gateway and straight to the backend, one beside the other. */
export const calibrationPlan: LoadPlan = { rateRps: 100, blocks: 1, blockSeconds: 1, warmupSeconds: 1 };
export const calibrationRates = [100, 200, 400, 800, 1600];

/**
 * The rate to measure at, of a benchmark at rising rates: half of the highest that was held on every side, with all lower ones.
 *
 * @returns why it is that one, in a sentence, too
 */
export function calibratedRate({ figures = [] }: Pick<LoadResult, 'figures'>): {
  rateRps: number;
  why: string;
} {
  const tried = Map.groupBy(
    figures.filter(({ name }) => name === 'latencyP50Ms'),
    ({ size = 0 }) => size,
  );
  const rates = [...tried.keys()].toSorted((a, b) => a - b);
  const first = rates.findIndex((rate) => (tried.get(rate) ?? []).some(({ invalid }) => invalid.length > 0));
  const held = first === -1 ? rates.at(-1) : rates[first - 1];
  const stopped = rates[first];
  const [reason] = stopped === undefined ? [] : (tried.get(stopped) ?? []).flatMap(({ invalid }) => invalid);
  const end = reason === undefined ? 'none of those tried was too much' : reason;
  if (held === undefined)
    return { rateRps: leastRps, why: `not even ${rates[0] ?? 0} calls a second were held (${end})` };
  return { rateRps: held * shareOfHeld, why: `${held} calls a second were held (then: ${end})` };
}
