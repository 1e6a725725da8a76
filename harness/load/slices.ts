import type { LoadFigure } from '../results/load.ts';
import type { BlockSamples } from './samples.ts';
import type { LoadPlan } from './subject.ts';

/**
 * One long block of each side cut into slices of time, which stand for blocks: all sides were measured at once. A request is a message then.
 * What comes before the end of the warm-up, and after the last slice, is left out.
 */
export function inSlices(
  samples: readonly BlockSamples[],
  { blocks, blockSeconds, warmupSeconds }: LoadPlan,
): BlockSamples[] {
  const begunMs = Math.min(...samples.map(({ firstMs }) => firstMs)) + warmupSeconds * 1000;
  const lengthMs = blockSeconds * 1000;
  return samples.flatMap((whole) =>
    Array.from({ length: blocks }, (_, index): BlockSamples => {
      const firstMs = begunMs + index * lengthMs;
      const lastMs = firstMs + lengthMs;
      const latencies = whole.latencies.filter(([atMs]) => atMs >= firstMs && atMs < lastMs);
      const requests = latencies.length;
      const droppedIterations = index === 0 ? whole.droppedIterations : 0;
      return {
        ...whole,
        droppedIterations,
        index,
        firstMs,
        lastMs,
        latencies,
        requests,
        messages: requests,
        failures: [],
      };
    }),
  );
}

/** How many streams broke on each side: what such a benchmark is about, and no reason not to believe it. */
export function brokenStreams(subject: string, samples: readonly BlockSamples[]): LoadFigure[] {
  const direct = samples.find(({ side }) => side === 'direct')?.failures.length ?? 0;
  return samples.map(({ side, failures, requests }): LoadFigure => {
    const invalid =
      side !== 'direct' && direct > 0
        ? [`${side}: ${direct} streams straight to the backend broke too: it is not the proxy's doing`]
        : [];
    return {
      subject,
      name: 'brokenStreams',
      title: `Streams that broke, of ${requests}`,
      side,
      unit: 'streams',
      better: 'lower',
      invalid,
      samples: [failures.length],
      calls: requests,
      ...(invalid.length === 0 && { value: failures.length }),
    };
  });
}

/** Why they broke, the most frequent reasons first: `3 times stream: reset`. */
export function breakNotes(samples: readonly BlockSamples[]): string[] {
  return samples.flatMap(({ side, failures }) =>
    [...Map.groupBy(failures, (reason) => reason)]
      .map(([reason, all]): [string, number] => [reason, all.length])
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${side}: ${count} times ${reason}`),
  );
}
