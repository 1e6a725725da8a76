import type { ControlPlaneFigure } from '../../harness/results/control-plane.ts';
import type { LoadFigure } from '../../harness/results/load.ts';
import { doubtsOf, sizeText } from '../figures/control-plane.ts';
import { caseText, figureDoubts } from '../figures/load-figures.ts';
import type { OverlaidRun } from './page-data.ts';

/** One figure of all runs: what stands beside each other in a group of bars. */
export interface BarGroup {
  subject: string;
  title: string;
  unit: string;
  bars: Bar[];
}

export interface Bar {
  /** `gateway 1000 rules`, `3000 routes`. */
  of: string;
  /** In the order of the runs; undefined where a run has no valid one. */
  values: (number | undefined)[];
  intervals: ({ low: number; high: number } | undefined)[];
}

interface Entry {
  group: string;
  subject: string;
  title: string;
  unit: string;
  of: string;
  value?: number;
  interval?: { low: number; high: number };
}

/** Figures of two sides of the same unit as the sides would hide those: differences are left to the reports of each run. */
export function barGroups(runs: readonly OverlaidRun[]): BarGroup[] {
  const entries = runs.map((run) => [
    ...run.load.flatMap(({ figures = [] }) =>
      figures.filter(({ side }) => !side.includes(' - ')).map(ofLoad),
    ),
    ...(run.controlPlane ?? []).flatMap(({ subject, figures }) =>
      figures.map((each) => ofControlPlane(subject, each)),
    ),
  ]);
  const groups = Map.groupBy(entries.flat(), ({ group }) => group);
  return [...groups].flatMap(([group, [first]]) => {
    if (first === undefined) return [];
    const { subject, title, unit } = first;
    const names = [...new Set((groups.get(group) ?? []).map(({ of }) => of))];
    const bars = names.map((of): Bar => {
      const own = entries.map((all) => all.find((each) => each.group === group && each.of === of));
      return { of, values: own.map((each) => each?.value), intervals: own.map((each) => each?.interval) };
    });
    const drawn = bars.filter(({ values }) => values.some((value) => value !== undefined));
    return drawn.length === 0 ? [] : [{ subject, title, unit, bars: drawn }];
  });
}

function ofLoad(figure: LoadFigure): Entry {
  const { subject, name, title, side, unit, value, interval } = figure;
  const isValid = figureDoubts(figure).length === 0;
  return {
    ...{ group: `${subject} ${name} ${unit}`, subject, title, unit },
    of: `${side} ${caseText(figure)}`.trim(),
    ...(isValid && value !== undefined && { value }),
    ...(isValid && interval !== undefined && { interval }),
  };
}

function ofControlPlane(subject: string, figure: ControlPlaneFigure): Entry {
  const { name, title, unit, summary, averages } = figure;
  const isValid = doubtsOf(figure).length === 0;
  return {
    ...{ group: `${subject} ${name} ${unit}`, subject, title, unit },
    of: sizeText(figure),
    ...(isValid && summary !== undefined && { value: averages === true ? summary.mean : summary.p50 }),
  };
}
