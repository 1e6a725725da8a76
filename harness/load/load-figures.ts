import type { FigureSide, LoadFigure } from '../results/load.ts';
import { blockIntervals } from './bootstrap.ts';
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
  /** Why no time may be; what a call costs the proxy stands beside a busy machine. */
  timeReasons: readonly string[];
}

/** A figure before it has a value: of one leg, or of two that are compared. */
interface Planned {
  meta: Omit<LoadFigure, 'invalid' | 'samples' | 'value' | 'interval'>;
  reasons: readonly string[];
  /** Of all measures of all legs, in order. */
  value: (measured: readonly number[]) => number;
}

interface Entry extends Measure {
  index: number;
  leg: number;
}

/** Every figure of a benchmark: those of each side, and those of two sides compared, with intervals over the blocks. */
export function loadFigures(input: FigureInput): LoadFigure[] {
  const entries = entriesOf(input);
  const planned = [...entries.map((entry) => plainFigure(input, entry)), ...comparisons(input, entries)];
  const statistic = (drawn: readonly number[]): number[] => {
    const measured = entries.map((entry) => entry.of(drawn));
    return planned.map(({ value }) => value(measured));
  };
  const values = statistic(Array.from({ length: input.blocks }, () => 1));
  const alone = Array.from({ length: input.blocks }, (_, block) =>
    statistic(Array.from({ length: input.blocks }, (_each, n) => (n === block ? 1 : 0))),
  );
  const intervals = blockIntervals(input.blocks, statistic);
  return planned.map(({ meta, reasons }, index) => {
    const samples = alone.map((figures) => figures[index] ?? NaN);
    const value = values[index] ?? NaN;
    const interval = intervals[index];
    const isTime = meta.unit !== 'us' && meta.unit !== 'bytes';
    const invalid = [...new Set([...(isTime ? input.timeReasons : []), ...reasons])];
    if (invalid.length === 0 && !Number.isFinite(value))
      invalid.push(`${meta.side}: it could not be seen in every block`);
    const { low = 0, high = 0, level = 0 } = interval ?? {};
    return {
      ...meta,
      invalid,
      samples: samples.filter(Number.isFinite).map(round),
      ...(invalid.length === 0 && { value: round(value) }),
      ...(invalid.length === 0 &&
        interval !== undefined && { interval: { low: round(low), high: round(high), level } }),
    };
  });
}

function entriesOf({ legs, subject }: FigureInput): Entry[] {
  const measures = legs.flatMap((data, leg) =>
    measuresOf(data, subject.timed ?? 'call').map((measure) => ({ ...measure, leg })),
  );
  return measures.map((measure, index) => ({ ...measure, index }));
}

function plainFigure(input: FigureInput, entry: Entry): Planned {
  return {
    meta: metaOf(input, entry, input.legs[entry.leg]?.leg.side ?? 'gateway', [entry.leg]),
    reasons: input.legReasons[entry.leg] ?? [],
    value: (measured) => measured[entry.index] ?? NaN,
  };
}

/** What a side costs more than another in the same case, and a case more than the first on the same side. */
function comparisons(input: FigureInput, entries: readonly Entry[]): Planned[] {
  const first = input.cases[0]?.name ?? '';
  return entries.flatMap((entry): Planned[] => {
    const leg = input.legs[entry.leg]?.leg;
    if (leg === undefined) return [];
    const lower =
      leg.side === 'gateway'
        ? (other('floor') ?? other('direct'))
        : leg.side === 'floor'
          ? other('direct')
          : undefined;
    const firstCase =
      input.subject.againstFirst === true && leg.case !== first ? entryOf(leg.side, first) : undefined;
    return [
      ...(lower === undefined ? [] : sideComparisons(entry, lower)),
      ...(firstCase === undefined ? [] : [caseComparison(entry, firstCase, first)]),
    ];

    function other(side: string): Entry | undefined {
      return entryOf(side, leg?.case ?? '') ?? entryOf(side, first);
    }
    function entryOf(side: string, caseName: string): Entry | undefined {
      return entries.find(({ name, leg: index }) => {
        const of = input.legs[index]?.leg;
        return name === entry.name && of?.side === side && of.case === caseName;
      });
    }
  });

  function sideComparisons(entry: Entry, lower: Entry): Planned[] {
    const [upperSide, lowerSide] = [entry, lower].map(({ leg }) => input.legs[leg]?.leg.side ?? 'gateway');
    const pair = [entry.leg, lower.leg];
    const difference: Planned = {
      meta: metaOf(input, entry, `${upperSide} - ${lowerSide}` as FigureSide, pair),
      reasons: pair.flatMap((leg) => input.legReasons[leg] ?? []),
      value: (measured) => (measured[entry.index] ?? NaN) - (measured[lower.index] ?? NaN),
    };
    if (!entry.isRatio || upperSide !== 'gateway') return [difference];
    const ratio: Planned = {
      meta: { ...metaOf(input, entry, `gateway / ${lowerSide}` as FigureSide, pair), unit: 'ratio' },
      reasons: difference.reasons,
      value: (measured) => (measured[entry.index] ?? NaN) / (measured[lower.index] ?? NaN),
    };
    return [difference, ratio];
  }

  function caseComparison(entry: Entry, firstCase: Entry, firstName: string): Planned {
    const pair = [entry.leg, firstCase.leg];
    const meta = metaOf(input, entry, input.legs[entry.leg]?.leg.side ?? 'gateway', pair);
    return {
      meta: {
        ...meta,
        name: `added${meta.name.charAt(0).toUpperCase()}${meta.name.slice(1)}`,
        title: `${meta.title}, added to that of ${firstName}`,
      },
      reasons: pair.flatMap((leg) => input.legReasons[leg] ?? []),
      value: (measured) => (measured[entry.index] ?? NaN) - (measured[firstCase.index] ?? NaN),
    };
  }
}

function metaOf(
  input: FigureInput,
  measure: Measure & { leg: number },
  side: FigureSide,
  legs: number[],
): Planned['meta'] {
  const name = input.legs[measure.leg]?.leg.case ?? '';
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
