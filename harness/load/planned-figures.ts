import { given } from '../../common/given.ts';
import type { FigureSide, LoadFigure, Side } from '../results/load.ts';
import type { LegData } from './leg-data.ts';
import type { LoadCase } from './legs.ts';
import type { Measure } from './measures.ts';
import type { LoadSubject } from './subject.ts';

/** What is needed to tell which figures there are. */
export interface FigureLayout {
  subject: Pick<LoadSubject, 'name' | 'timed' | 'againstFirst'>;
  cases: readonly LoadCase[];
  legs: readonly LegData[];
}

/** A figure before it has a value: of one leg, or of two that are compared. */
export interface Planned {
  meta: Omit<LoadFigure, 'invalid' | 'samples' | 'value' | 'interval'>;
  /** Whether a machine that wanders says something against it. */
  isTime: boolean;
  /** Indices of the legs that it is of. */
  legs: number[];
  /** Of all measures of all legs, in order. */
  value: (measured: readonly number[]) => number;
}

/** A measure of one leg, and its place among all. */
export interface Entry extends Measure {
  index: number;
  leg: number;
}

/** The measure itself, and what it is compared with: the side below, and the first case. */
export function plannedFigures(layout: FigureLayout, entries: readonly Entry[]): Planned[] {
  return entries.flatMap((entry) => [
    plainFigure(layout, entry),
    ...sideComparisons(layout, entries, entry),
    ...caseComparison(layout, entries, entry),
  ]);
}

function plainFigure(layout: FigureLayout, entry: Entry): Planned {
  const legs = [entry.leg];
  return {
    meta: metaOf(layout, entry, sideOf(layout, entry), legs),
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
function sideComparisons(layout: FigureLayout, entries: readonly Entry[], entry: Entry): Planned[] {
  const side = sideOf(layout, entry);
  const name = caseOf(layout, entry);
  const first = layout.cases[0]?.name ?? '';
  const lower = lowerSides[side]
    .flatMap((below) => [
      find(layout, entries, entry, below, name),
      find(layout, entries, entry, below, first),
    ])
    .find((each) => each !== undefined);
  if (lower === undefined) return [];
  const legs = [entry.leg, lower.leg];
  const below = sideOf(layout, lower);
  const difference: Planned = {
    meta: metaOf(layout, entry, `${side} - ${below}` as FigureSide, legs),
    isTime: isTime(entry),
    legs,
    value: (measured) => (measured[entry.index] ?? NaN) - (measured[lower.index] ?? NaN),
  };
  if (!entry.isRatio || side !== 'gateway') return [difference];
  const ratio: Planned = {
    meta: { ...metaOf(layout, entry, `gateway / ${below}` as FigureSide, legs), unit: 'ratio' },
    isTime: isTime(entry),
    legs,
    value: (measured) => (measured[entry.index] ?? NaN) / (measured[lower.index] ?? NaN),
  };
  return [difference, ratio];
}

/** What a case costs more than the first one, on the same side. */
function caseComparison(layout: FigureLayout, entries: readonly Entry[], entry: Entry): Planned[] {
  const first = layout.cases[0]?.name ?? '';
  if (layout.subject.againstFirst !== true || !entry.isRatio || caseOf(layout, entry) === first) return [];
  const side = sideOf(layout, entry);
  const firstCase = find(layout, entries, entry, side, first);
  if (firstCase === undefined) return [];
  const legs = [entry.leg, firstCase.leg];
  const meta = metaOf(layout, entry, side, legs);
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
  layout: FigureLayout,
  entries: readonly Entry[],
  like: Entry,
  side: Side,
  name: string,
): Entry | undefined {
  return entries.find(
    (each) => each.name === like.name && sideOf(layout, each) === side && caseOf(layout, each) === name,
  );
}

function sideOf({ legs }: FigureLayout, { leg }: Entry): Side {
  return legs[leg]?.leg.side ?? 'gateway';
}

function caseOf({ legs }: FigureLayout, { leg }: Entry): string {
  return legs[leg]?.leg.case ?? '';
}

function metaOf(
  layout: FigureLayout,
  measure: Entry,
  side: FigureSide,
  legs: readonly number[],
): Planned['meta'] {
  const name = caseOf(layout, measure);
  const { size, sizeOf } = layout.cases.find((each) => each.name === name) ?? {};
  return {
    subject: layout.subject.name,
    name: measure.name,
    title: measure.title,
    side,
    ...(name !== '' && { case: name }),
    ...given({ size, sizeOf }),
    unit: measure.unit,
    better: measure.better,
    calls: legs.reduce((sum, leg) => sum + callsOf(layout.legs[leg]), 0),
  };
}

function callsOf(data: LegData | undefined): number {
  return (data?.requests ?? []).filter(Number.isFinite).reduce((sum, count) => sum + count, 0);
}
