import type { LoadFigure, Side } from '../results/load.ts';
import { blockIntervals } from './bootstrap.ts';
import type { LegData } from './leg-data.ts';
import type { BlockSamples } from './samples.ts';
import { leastShareOfRate, mostGeneratorShare } from './validity.ts';

export interface RisingInput {
  subject: string;
  /** Of all sides and rates. */
  legs: readonly LegData[];
  samples: readonly BlockSamples[];
  blocks: number;
  blockSeconds: number;
  /** Share of the machine that k6 used, in the order of the legs. */
  generatorShares: readonly (number | undefined)[];
}

/** For each side the highest rate that was held, block by block: every call made in time and answered, at it and at all lower ones. */
export function ceilingFigures(input: RisingInput): LoadFigure[] {
  const sides = [...new Set(input.legs.map(({ leg }) => leg.side))];
  return sides.map((side) => ceilingOf(side, input));
}

function ceilingOf(side: Side, input: RisingInput): LoadFigure {
  const { subject, legs, blocks } = input;
  const rising = legs
    .map(({ leg }, index) => ({ leg, share: input.generatorShares[index] ?? 0 }))
    .filter(({ leg }) => leg.side === side)
    .sort((a, b) => a.leg.rateRps - b.leg.rateRps);
  const heldUpTo = (block: number): number => {
    const first = rising.findIndex(({ leg }) => !isHeld(leg, block, input));
    return first === -1 ? rising.length : first;
  };
  const steps = Array.from({ length: blocks }, (_, block) => heldUpTo(block));
  const samples = steps.map((step) => rising[step - 1]?.leg.rateRps ?? 0);
  const invalid: string[] = [];
  const none = steps.filter((step) => step === 0).length;
  if (none > 0)
    invalid.push(
      `${side}: in ${none} of ${blocks} blocks not even ${rising[0]?.leg.rateRps ?? 0} requests per second were held`,
    );
  if (steps.every((step) => step === rising.length))
    invalid.push(
      `${side}: every rate was held, so the highest lies above ${rising.at(-1)?.leg.rateRps ?? 0} requests per second`,
    );
  // At the rate that was not held any more, what gave way?
  const broken = rising[Math.min(...steps)];
  if (broken !== undefined && broken.share > mostGeneratorShare)
    invalid.push(
      `${side}: at ${broken.leg.rateRps} requests per second the load generator used ${Math.round(broken.share * 100)} % of all CPUs: it gave way first`,
    );
  const mean = (drawn: readonly number[]): number =>
    samples.reduce((sum, rate, block) => sum + rate * (drawn[block] ?? 0), 0) / blocks;
  const [interval] = blockIntervals(blocks, (drawn) => [mean(drawn)]);
  const valid = invalid.length === 0;
  return {
    subject,
    name: 'highestHeldRps',
    title: 'Highest rate held, mean of the blocks',
    side,
    unit: 'rps',
    better: 'higher',
    invalid,
    samples,
    calls: input.samples.filter((each) => each.side === side).reduce((sum, each) => sum + each.requests, 0),
    ...(valid && { value: mean(samples.map(() => 1)) }),
    ...(valid && interval !== undefined && { interval }),
  };
}

function isHeld(
  { side, case: name, rateRps }: LegData['leg'],
  index: number,
  { samples, blockSeconds }: RisingInput,
): boolean {
  const block = samples.find((each) => each.side === side && each.case === name && each.index === index);
  if (block === undefined) return false;
  const { droppedIterations, failures, requests } = block;
  return (
    droppedIterations === 0 && failures.length === 0 && requests >= rateRps * blockSeconds * leastShareOfRate
  );
}
