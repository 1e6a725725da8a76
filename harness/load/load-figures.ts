import type { FigureSide, LoadFigure, Side } from '../results/load.ts';
import { blockIntervals, type Interval } from './bootstrap.ts';
import type { LegData } from './leg-data.ts';
import type { LoadCase } from './legs.ts';
import { measuresOf, type Measure } from './measures.ts';
import type { LoadSubject } from './subject.ts';

export interface FigureInput {
  subject: Pick<LoadSubject, 'name' | 'timed' | 'againstFirst'>;
  cases: readonly LoadCase[];
  legs: readonly LegData[];
  blocks: number;
  /** Why the figures of a leg may not be believed, in the order of the legs. */
  legReasons: readonly (readonly string[])[];
  /** Why no time of a leg may be; what a call costs the proxy stands beside a busy machine. */
  timeReasons: readonly (readonly string[])[];
}

/** A figure before it has a value: of one leg, or of two that are compared. */
interface Planned {
  meta: Omit<LoadFigure, 'invalid' | 'samples' | 'value' | 'interval'>;
  /** Whether a machine that wanders says something against it. */
  isTime: boolean;
  /** Indices of the legs that it is of. */
  legs: number[];
  /** Of all measures of all legs, in order. */
  value: (measured: readonly number[]) => number;
}

interface Entry extends Measure {
  index: number;
  leg: number;
}

/** Every figure of a benchmark: those of each side, and those of two sides or cases compared, with intervals over the blocks. */
export function loadFigures(input: FigureInput): LoadFigure[] {
  const { blocks } = input;
  const entries = entriesOf(input);
  const planned = entries.flatMap((entry) => [
    plainFigure(input, entry),
    ...sideComparisons(input, entries, entry),
    ...caseComparison(input, entries, entry),
  ]);
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

function plainFigure(input: FigureInput, entry: Entry): Planned {
  const legs = [entry.leg];
  return {
    meta: metaOf(input, entry, sideOf(input, entry), legs),
    isTime: isTime(entry),
    legs,
    value: (measured) => measured[entry.index] ?? NaN,
  };
}

/** CPU time and memory are costs, which stand beside a busy machine. */
function isTime({ unit }: Measure): boolean {
  return unit !== 'us' && unit !== 'bytes';
}

/** What each side is compared with; the first that was measured. */
const lowerSides: Record<Side, readonly Side[]> = {
  direct: [],
  floor: ['direct'],
  gateway: ['floor', 'direct'],
};

/** What a side costs more than the one below it, in the same case or, where that one was measured only there, in the first. */
function sideComparisons(input: FigureInput, entries: readonly Entry[], entry: Entry): Planned[] {
  const side = sideOf(input, entry);
  const name = caseOf(input, entry);
  const first = input.cases[0]?.name ?? '';
  const lower = lowerSides[side]
    .flatMap((below) => [find(input, entries, entry, below, name), find(input, entries, entry, below, first)])
    .find((each) => each !== undefined);
  if (lower === undefined) return [];
  const legs = [entry.leg, lower.leg];
  const below = sideOf(input, lower);
  const difference: Planned = {
    meta: metaOf(input, entry, `${side} - ${below}` as FigureSide, legs),
    isTime: isTime(entry),
    legs,
    value: (measured) => (measured[entry.index] ?? NaN) - (measured[lower.index] ?? NaN),
  };
  if (!entry.isRatio || side !== 'gateway') return [difference];
  const ratio: Planned = {
    meta: { ...metaOf(input, entry, `gateway / ${below}` as FigureSide, legs), unit: 'ratio' },
    isTime: isTime(entry),
    legs,
    value: (measured) => (measured[entry.index] ?? NaN) / (measured[lower.index] ?? NaN),
  };
  return [difference, ratio];
}

/** What a case costs more than the first one, on the same side. */
function caseComparison(input: FigureInput, entries: readonly Entry[], entry: Entry): Planned[] {
  const first = input.cases[0]?.name ?? '';
  if (input.subject.againstFirst !== true || !entry.isRatio || caseOf(input, entry) === first) return [];
  const side = sideOf(input, entry);
  const firstCase = find(input, entries, entry, side, first);
  if (firstCase === undefined) return [];
  const legs = [entry.leg, firstCase.leg];
  const meta = metaOf(input, entry, side, legs);
  return [
    {
      meta: {
        ...meta,
        name: `added${meta.name.charAt(0).toUpperCase()}${meta.name.slice(1)}`,
        title: `${meta.title}, added to that of ${first}`,
      },
      isTime: isTime(entry),
      legs,
      value: (measured) => (measured[entry.index] ?? NaN) - (measured[firstCase.index] ?? NaN),
    },
  ];
}

/** The same measure of another leg. */
function find(
  input: FigureInput,
  entries: readonly Entry[],
  like: Entry,
  side: Side,
  name: string,
): Entry | undefined {
  return entries.find(
    (each) => each.name === like.name && sideOf(input, each) === side && caseOf(input, each) === name,
  );
}

function sideOf({ legs }: FigureInput, { leg }: Entry): Side {
  return legs[leg]?.leg.side ?? 'gateway';
}

function caseOf({ legs }: FigureInput, { leg }: Entry): string {
  return legs[leg]?.leg.case ?? '';
}

function metaOf(
  input: FigureInput,
  measure: Entry,
  side: FigureSide,
  legs: readonly number[],
): Planned['meta'] {
  const name = caseOf(input, measure);
  const { size, sizeOf } = input.cases.find((each) => each.name === name) ?? {};
  return {
    subject: input.subject.name,
    name: measure.name,
    title: measure.title,
    side,
    ...(name !== '' && { case: name }),
    ...(size !== undefined && { size }),
    ...(sizeOf !== undefined && { sizeOf }),
    unit: measure.unit,
    better: measure.better,
    calls: legs.reduce((sum, leg) => sum + callsOf(input.legs[leg]), 0),
  };
}

function callsOf(data: LegData | undefined): number {
  return (data?.requests ?? []).filter(Number.isFinite).reduce((sum, count) => sum + count, 0);
}

/** Six digits: more than any of these figures has. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
