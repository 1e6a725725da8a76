import type { FigureSide, LoadFigure, LoadResult } from '../../harness/results/load.ts';
import { formatBytes, formatQuantity } from './figures.ts';

/** Comparisons stand right of what they compare. */
const sideOrder: readonly FigureSide[] = [
  'direct',
  'floor',
  'gateway',
  'floor - direct',
  'gateway - floor',
  'gateway - direct',
  'gateway / floor',
  'gateway / direct',
];

/** One line of a table: the same figure of every side, in one case. */
export interface FigureRow {
  title: string;
  case: string;
  cells: (LoadFigure | undefined)[];
}

/** Why a figure may not be shown as a number; empty when it may. */
export function figureDoubts({ invalid, value }: LoadFigure): string[] {
  if (invalid.length > 0) return invalid;
  return value === undefined || !Number.isFinite(value) ? ['nothing was measured'] : [];
}

/** The sides that a benchmark has figures of, and its figures by name and case. */
export function figureTable({ figures = [] }: LoadResult): { sides: FigureSide[]; rows: FigureRow[] } {
  const sides = sideOrder.filter((side) => figures.some((figure) => figure.side === side));
  // Cases of one figure stand below each other, to be compared.
  const byName = [...Map.groupBy(figures, ({ name }) => name).values()];
  const groups = byName.flatMap((same) => [...Map.groupBy(same, ({ case: of = '' }) => of).values()]);
  const rows = groups.map((group): FigureRow => {
    const [first] = group;
    return {
      title: first?.title ?? '',
      case: first === undefined ? '' : caseText(first),
      cells: sides.map((side) => group.find((figure) => figure.side === side)),
    };
  });
  return { sides, rows };
}

/** `1000 rules`, `64 KiB`, `bidi-stream`. */
export function caseText({ case: name = '', size, sizeOf }: LoadFigure): string {
  if (size === undefined || sizeOf === undefined) return name;
  return sizeOf === 'bytes' ? formatBytes(size) : `${size} ${sizeOf === 'rps' ? 'calls/s' : sizeOf}`;
}

/** A value with its unit: 0.412 ms, 118 µs, 1.12 times, 812/s; comparisons have a sign. */
export function formatFigure(value: number, { unit, side }: Pick<LoadFigure, 'unit' | 'side'>): string {
  const sign = value < 0 ? '−' : side.includes(' - ') ? '+' : '';
  return sign + formatQuantity(Math.abs(value), unit);
}

/** `0.390 to 0.440 ms`; empty where there is no interval. */
export function intervalText(figure: LoadFigure): string {
  const { interval } = figure;
  if (interval === undefined) return '';
  const [low, high] = [interval.low, interval.high].map((bound) => formatFigure(bound, figure));
  const unit = / .*$/.exec(high ?? '')?.[0] ?? '';
  return unit !== '' && low?.endsWith(unit) === true
    ? `${low.slice(0, -unit.length)} to ${high}`
    : `${low} to ${high}`;
}

/** Value and interval; `invalid` for one that may not be believed, a dash where there is none. */
export function figureText(figure: LoadFigure | undefined): string {
  if (figure === undefined) return '–';
  if (figureDoubts(figure).length > 0) return 'invalid';
  const interval = intervalText(figure);
  return formatFigure(figure.value ?? NaN, figure) + (interval === '' ? '' : ` (${interval})`);
}

/** Every reason of any figure, once. */
export function figureReasons({ figures = [] }: LoadResult): string[] {
  return [...new Set(figures.flatMap(figureDoubts))];
}
