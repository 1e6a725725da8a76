import type { LoadVariant } from '../results/load.ts';
import { legName, type Leg } from './legs.ts';
import type { BlockSamples } from './samples.ts';

/**
 * Direct blocks may differ that much in their median before the machine counts as too busy to compare with. Both must be
 * passed: on an idle 2-core machine medians of 0.4 to 0.6 ms follow each other, a ratio of 1.5 that means nothing.
 */
const unstableRatio = 2;
const unstableDifferenceMs = 0.5;
/** k6 may begin a block a few arrivals late without dropping one. */
export const leastShareOfRate = 0.95;
/** What a call costs the proxy has its idle cost in it, which fewer calls share: at this part of the rate it is less than a fifth more of that. */
const leastShareForCosts = 0.85;
/**
 * Of all CPUs of the machine. k6 shares them with proxy and backend: where it needs more than this, it waits for itself, and the time
 * is in the latencies.
 */
export const mostGeneratorShare = 0.75;

export interface Validity {
  variants: readonly LoadVariant[];
  samples: readonly BlockSamples[];
  legs: readonly Leg[];
  blocks: number;
  /** Share of the machine's CPUs that k6 used in the blocks of a leg, in the order of the legs; undefined where it was not seen. */
  generatorShares: readonly (number | undefined)[];
}

/** Why the figures of each leg may not be believed, in the order of the legs; empty when they may. */
export function legReasons(of: Validity): string[][] {
  return of.legs.map((leg, index) => {
    const variant = of.variants[index];
    if (variant === undefined) return [`${legName(leg)}: nothing was measured`];
    return [...variantReasons(leg, variant, of), ...generatorReasons(leg, of.generatorShares[index])];
  });
}

function variantReasons(leg: Leg, variant: LoadVariant, { samples, blocks }: Validity): string[] {
  const reasons: string[] = [];
  const { requests, errors, achievedRateRps } = variant;
  const { rateRps } = leg;
  const name = legName(leg);
  const own = samples.filter((each) => each.side === leg.side && each.case === leg.case);
  reasons.push(...new Set(own.flatMap(({ doubts = [] }) => doubts)));
  if (variant.blocks.length < blocks) {
    reasons.push(`${name}: ${blocks - variant.blocks.length} of ${blocks} blocks have no samples`);
  }
  if (errors > 0) {
    reasons.push(
      `${name}: ${errors} of ${requests} calls failed, most often with ${commonFailure(leg, samples)}`,
    );
  }
  if (achievedRateRps < rateRps * leastShareForCosts) {
    reasons.push(rateReason(leg, variant));
  }
  return reasons;
}

function commonFailure(leg: Leg, samples: readonly BlockSamples[]): string {
  const counts = new Map<string, number>();
  for (const block of samples.filter((each) => each.side === leg.side && each.case === leg.case)) {
    for (const reason of block.failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [most] = [...counts.entries()].sort(([, a], [, b]) => b - a);
  return most === undefined ? 'no reason' : `"${most[0]}"`;
}

function generatorReasons(leg: Leg, share: number | undefined): string[] {
  if (share === undefined || share <= mostGeneratorShare) return [];
  return [
    `${legName(leg)}: the load generator used ${Math.round(share * 100)} % of all CPUs: what was measured is k6`,
  ];
}

/**
 * Why no time of each leg may be believed, in the order of the legs; what a call costs the proxy stands all the same, as it is of the calls
 * that were made.
 */
export function timeReasons(variants: readonly LoadVariant[], legs: readonly Leg[]): string[][] {
  const baseline = baselineReasons(variants, legs);
  return legs.map((leg, index) => [...(baseline[index] ?? []), ...lateReasons(leg, variants[index])]);
}

function lateReasons(leg: Leg, variant: LoadVariant | undefined): string[] {
  if (variant === undefined) return [];
  const { droppedIterations, achievedRateRps } = variant;
  const { rateRps } = leg;
  const name = legName(leg);
  if (droppedIterations > 0)
    return [
      `${name}: ${droppedIterations} iterations dropped, ${rateRps} requests per second were not kept up with; latencies leave them out`,
    ];
  // Further below nothing stands, and legReasons says so.
  if (achievedRateRps >= rateRps * leastShareOfRate || achievedRateRps < rateRps * leastShareForCosts)
    return [];
  return [rateReason(leg, variant)];
}

function rateReason(leg: Leg, { achievedRateRps }: LoadVariant): string {
  return `${legName(leg)}: ${achievedRateRps} of ${leg.rateRps} requests per second were reached`;
}

/** The direct blocks beside a leg wander. A case without direct blocks of its own stands beside those of the first case. */
function baselineReasons(variants: readonly LoadVariant[], legs: readonly Leg[]): string[][] {
  const wandering = new Map(
    variants.filter(({ name }) => name === 'direct').map((direct) => [direct.case ?? '', wanders(direct)]),
  );
  const [first = []] = wandering.values();
  return legs.map((leg) => wandering.get(leg.case) ?? first);
}

function wanders(direct: LoadVariant): string[] {
  const medians = direct.blocks.filter(({ requests }) => requests > 0).map(({ latencyMs }) => latencyMs.p50);
  const least = Math.min(...medians);
  const most = Math.max(...medians);
  if (medians.length < 2 || most < least * unstableRatio || most - least < unstableDifferenceMs) return [];
  const of = direct.case === undefined ? '' : ` of ${direct.case}`;
  return [
    `the baseline is unstable: medians of the direct blocks${of} lie between ${least} and ${most} ms; other work runs on this machine`,
  ];
}
