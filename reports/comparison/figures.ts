import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import type { FigureSide, LoadFigure, LoadResult } from '../../harness/results/load.ts';
import type { Run } from '../../harness/results/run.ts';
import { codesText, doubtsOf, reasonsOf, sizeText } from '../figures/control-plane.ts';
import { formatQuantity } from '../figures/figures.ts';
import { caseText, figureDoubts, figureText } from '../figures/load-figures.ts';

/** One figure of a benchmark, and what it is of every implementation. */
export interface ComparedFigure {
  subject: string;
  title: string;
  /** What it was measured at, and between which sides: `1000 rules, gateway / floor`. */
  of: string;
  /** One for each run, in order. */
  cells: FigureCell[];
}

interface FigureCell {
  /** A value with its unit; `invalid`; a dash where there is none. */
  text: string;
  /** Whether it was measured and may be believed. */
  valid: boolean;
}

/** Why a figure is not there, or not to be believed. */
export interface FigureReason {
  implementation: string;
  subject: string;
  reason: string;
}

type Measured = Pick<Run, 'load' | 'controlPlane' | 'implementation' | 'aborted'>;

interface Entry extends Omit<ComparedFigure, 'cells'> {
  key: string;
  cell: FigureCell;
}

/** Each gateway beside its own baselines: what a side alone takes is in the report of its run. */
const comparedSides: readonly FigureSide[] = ['gateway', 'gateway / floor', 'gateway / direct'];
const none: FigureCell = { text: '–', valid: false };

/** Every figure of any run, a cell for each run, those of one benchmark together. */
export function comparedFigures(runs: readonly Measured[]): ComparedFigure[] {
  const columns = runs.map((run) => new Map(entriesOf(run).map((entry) => [entry.key, entry])));
  const all = new Map(columns.flatMap((column) => [...column]));
  const rows = [...all.values()].map(({ key, subject, title, of }) => ({
    subject,
    title,
    of,
    cells: columns.map((column) => column.get(key)?.cell ?? none),
  }));
  return [...Map.groupBy(rows, ({ subject }) => subject).values()].flat();
}

function entriesOf({ load, controlPlane = [] }: Measured): Entry[] {
  return [...load.flatMap(loadEntries), ...controlPlane.flatMap(controlPlaneEntries)];
}

function loadEntries({ subject, figures = [] }: LoadResult): Entry[] {
  return figures
    .filter(({ side }) => comparedSides.includes(side))
    .map((figure) => {
      const of = [caseText(figure), figure.side].filter((text) => text !== '').join(', ');
      return entry(subject, figure, of, loadCell(figure));
    });
}

function loadCell(figure: LoadFigure): FigureCell {
  return { text: figureText(figure), valid: figureDoubts(figure).length === 0 };
}

function controlPlaneEntries({ subject, invalid, figures }: ControlPlaneResult): Entry[] {
  return figures.map((figure) => {
    const valid = invalid.length === 0 && doubtsOf(figure).length === 0;
    return entry(subject, figure, sizeText(figure), {
      text: valid ? samplesText(figure) : 'invalid',
      valid,
    });
  });
}

function entry(
  subject: string,
  { name, title }: { name: string; title: string },
  of: string,
  cell: FigureCell,
): Entry {
  return { key: JSON.stringify([subject, name, of]), subject, title, of, cell };
}

/** The median and the 99th percentile; of a single sample just that, and of averages their mean, with what became of calls. */
function samplesText(figure: ControlPlaneFigure): string {
  const { summary, unit, samples, averages } = figure;
  const value = (number = NaN): string => formatQuantity(number, unit);
  const codes = codesText(figure);
  const [median, high] = [value(summary?.p50), value(summary?.p99)];
  const isOne = samples.length === 1 || averages === true;
  const text = isOne ? value(summary?.mean) : median === high ? median : `${median} / ${high}`;
  return codes === '' ? text : `${text} (${codes})`;
}

/** Every reason once, where a figure is missing or invalid. */
export function figureReasons(runs: readonly Measured[]): FigureReason[] {
  return runs.flatMap(({ implementation: { name }, load, controlPlane = [], aborted }) =>
    [
      ...(aborted === undefined ? [] : [{ subject: 'run', reasons: [`it ended early: ${aborted}`] }]),
      ...load.map(({ subject, invalid, figures = [] }) => ({
        subject,
        reasons: [...invalid, ...figures.flatMap(figureDoubts)],
      })),
      ...controlPlane.map((result) => ({ subject: result.subject, reasons: reasonsOf(result) })),
    ].flatMap(({ subject, reasons }) =>
      [...new Set(reasons)].map((reason) => ({ implementation: name, subject, reason })),
    ),
  );
}
