import type { LoadFigure } from '../results/load.ts';
import { blockIntervals, type Interval } from './bootstrap.ts';
import { measuresOf } from './measures.ts';
import { plannedFigures, type Entry, type FigureLayout, type Planned } from './planned-figures.ts';

export interface FigureInput extends FigureLayout {
  blocks: number;
  /** Why the figures of a leg may not be believed, in the order of the legs. */
  legReasons: readonly (readonly string[])[];
  /** Why no time of a leg may be; what a call costs the proxy stands beside a busy machine. */
  timeReasons: readonly (readonly string[])[];
}

/** Every figure of a benchmark: those of each side, and those of two sides or cases compared, with intervals over the blocks. */
export function loadFigures(input: FigureInput): LoadFigure[] {
  const { blocks } = input;
  const entries = entriesOf(input);
  const planned = plannedFigures(input, entries);
  const statistic = (drawn: readonly number[]): number[] => {
    const measured = entries.map((entry) => entry.of(drawn));
    return planned.map(({ value }) => value(measured));
  };
  const values = statistic(Array.from({ length: blocks }, () => 1));
  const alone = Array.from({ length: blocks }, (_, block) =>
    statistic(Array.from({ length: blocks }, (_each, n) => (n === block ? 1 : 0))),
  );
  const intervals = blockIntervals(blocks, statistic);
  return planned.map((figure, index) =>
    withValue(input, figure, {
      value: values[index] ?? NaN,
      samples: alone.map((figures) => figures[index] ?? NaN),
      interval: intervals[index],
    }),
  );
}

function withValue(
  input: FigureInput,
  { meta, legs, isTime }: Planned,
  { value, samples, interval }: { value: number; samples: number[]; interval: Interval | undefined },
): LoadFigure {
  const reasons = legs.flatMap((leg) => [
    ...(isTime ? (input.timeReasons[leg] ?? []) : []),
    ...(input.legReasons[leg] ?? []),
  ]);
  const invalid = [...new Set(reasons)];
  if (invalid.length === 0 && !Number.isFinite(value))
    invalid.push(`${meta.side}: it could not be seen in every block`);
  const figure = { ...meta, invalid, samples: samples.filter(Number.isFinite).map(round) };
  if (invalid.length > 0) return figure;
  if (interval === undefined) return { ...figure, value: round(value) };
  const { low, high, level } = interval;
  return { ...figure, value: round(value), interval: { low: round(low), high: round(high), level } };
}

function entriesOf({ legs, subject }: FigureInput): Entry[] {
  const measures = legs.flatMap((data, leg) =>
    measuresOf(data, subject.timed ?? 'call').map((measure) => ({ ...measure, leg })),
  );
  return measures.map((measure, index) => ({ ...measure, index }));
}

/** Six digits: more than any of these figures has. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
