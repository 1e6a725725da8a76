import type { LoadVariant } from '../results/run.ts';
import type { BlockSamples } from './samples.ts';

/**
 * Direct blocks may differ that much in their median before the machine counts as too busy to compare with. Both must be
 * passed: on an idle 2-core machine medians of 0.4 to 0.6 ms follow each other, a ratio of 1.5 that means nothing.
 */
const unstableRatio = 2;
const unstableDifferenceMs = 0.5;
/** k6 may begin a block a few arrivals late without dropping one. */
const leastShareOfRate = 0.95;

/** Why the figures may not be believed; empty when they may. */
export function invalidReasons(
  variants: readonly LoadVariant[],
  samples: readonly BlockSamples[],
  plan: { rateRps: number; blocks: number },
): string[] {
  return [
    ...variants.flatMap((variant) => variantReasons(variant, samples, plan)),
    ...baselineReasons(variants.find(({ name }) => name === 'direct')),
  ];
}

function variantReasons(
  variant: LoadVariant,
  samples: readonly BlockSamples[],
  { rateRps, blocks }: { rateRps: number; blocks: number },
): string[] {
  const reasons: string[] = [];
  const { name, requests, errors, droppedIterations, achievedRateRps } = variant;
  if (variant.blocks.length < blocks) {
    reasons.push(`${name}: ${blocks - variant.blocks.length} of ${blocks} blocks have no samples`);
  }
  if (errors > 0) {
    reasons.push(
      `${name}: ${errors} of ${requests} calls failed, most often with ${commonFailure(variant, samples)}`,
    );
  }
  if (droppedIterations > 0) {
    reasons.push(
      `${name}: ${droppedIterations} iterations dropped, ${rateRps} requests per second were not kept up with; latencies leave them out`,
    );
  } else if (achievedRateRps < rateRps * leastShareOfRate) {
    reasons.push(`${name}: ${achievedRateRps} of ${rateRps} requests per second were reached`);
  }
  return reasons;
}

function commonFailure(variant: LoadVariant, samples: readonly BlockSamples[]): string {
  const counts = new Map<string, number>();
  for (const block of samples.filter((each) => each.variant === variant.name)) {
    for (const reason of block.failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [most] = [...counts.entries()].sort(([, a], [, b]) => b - a);
  return most === undefined ? 'no reason' : `"${most[0]}"`;
}

function baselineReasons(direct: LoadVariant | undefined): string[] {
  const medians = (direct?.blocks ?? [])
    .filter(({ requests }) => requests > 0)
    .map(({ latencyMs }) => latencyMs.p50);
  const least = Math.min(...medians);
  const most = Math.max(...medians);
  if (medians.length < 2 || most < least * unstableRatio || most - least < unstableDifferenceMs) return [];
  return [
    `the baseline is unstable: medians of the direct blocks lie between ${least} and ${most} ms; other work runs on this machine`,
  ];
}
