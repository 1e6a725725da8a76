import { formatQuantity } from '../figures/figures.ts';
import { prose, row } from '../wording/markdown.ts';
import type { RunComparison } from './compare-runs.ts';
import type { ComparedFigure } from './compared-figure.ts';
import type { Undecided } from './undecided.ts';

export interface Named {
  base: string;
  fresh: string;
  threshold: number;
}

/** For a terminal. */
export function comparisonLines(comparison: RunComparison, { base, fresh, threshold }: Named): string[] {
  const { figures, notes, otherMachine, regressions, undecided } = comparison;
  return [
    `base: ${base}`,
    `new:  ${fresh}`,
    ...[...(otherMachine === undefined ? [] : [otherMachine]), ...notes].map((note) => `note: ${note}`),
    ...figures.map(figureLine),
    ...regressions.map(
      (figure) => `regression: ${nameOf(figure)}: ${changeText(figure)}; ${figure.place ?? ''}`,
    ),
    ...undecided.map((each) => `undecided: ${undecidedText(each)}`),
    `${totals(comparison)}; regressions beyond ${percentText(threshold)}: ${regressions.length}`,
    conclusion(comparison),
  ];
}

/** The answer in one sentence: of the figures that tell of the gateway, and of how many of them. */
export function conclusion({ figures, regressions, undecided }: RunComparison): string {
  const telling = figures.filter(({ tells }) => tells);
  const judged = telling.filter(({ verdict }) => verdict !== 'not judged');
  const of = `${judged.length} of ${telling.length} figures of the gateway could be judged`;
  if (regressions.length > 0)
    return `${regressions.length} regression${regressions.length === 1 ? '' : 's'} that the data show; ${of}`;
  if (undecided.length > 0) return `${undecided.map(undecidedText).join('; ')}, which is no pass; ${of}`;
  const differ = judged.some(({ verdict }) => verdict !== 'no difference');
  return `no ${differ ? 'regression' : 'difference'} that the data can show; ${of}`;
}

export function undecidedText({ subject, why }: Undecided): string {
  return `${subject}: ${why}`;
}

function figureLine(figure: ComparedFigure): string {
  return `  ${figure.verdict.padEnd(13)} ${nameOf(figure)}: ${changeText(figure)}`;
}

/** For a pull request: what differs, and a count of the rest. */
export function comparisonMarkdown(comparison: RunComparison, { base, fresh, threshold }: Named): string {
  const { figures, notes, otherMachine, regressions, undecided } = comparison;
  const told = figures.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  const head = regressions.length === 0 ? 'no regression' : `${regressions.length} regressions`;
  return [
    `## Performance: ${head} beyond ${percentText(threshold)}`,
    `Base: ${prose(base)}. New: ${prose(fresh)}. ${totals(comparison)}: ${conclusion(comparison)}.`,
    ...[...(otherMachine === undefined ? [] : [otherMachine]), ...notes].map((note) => `- ${prose(note)}`),
    ...undecided.map((each) => `- undecided: ${prose(undecidedText(each))}`),
    ...(told.length === 0 ? [] : [table(told)]),
    '',
  ].join('\n\n');
}

function table(figures: readonly ComparedFigure[]): string {
  return [
    row(['figure', 'base', 'new', 'change', 'verdict', 'where']),
    row(Array.from({ length: 6 }, () => '---')),
    ...figures.map((figure) =>
      row([
        prose(nameOf(figure)),
        valueText(figure.base, figure.unit),
        valueText(figure.fresh, figure.unit),
        effectText(figure),
        figure.isRegression ? '**worse**' : figure.verdict,
        prose(figure.place ?? figure.why ?? ''),
      ]),
    ),
  ].join('\n');
}

function totals({ figures }: RunComparison): string {
  const verdicts = ['better', 'worse', 'no difference', 'not judged'] as const;
  return verdicts
    .map((verdict) => `${figures.filter((figure) => figure.verdict === verdict).length} ${verdict}`)
    .join(', ');
}

export function nameOf({ subject, title, side, of }: ComparedFigure): string {
  return [`${subject}: ${title}`, side, of].filter((part) => part !== '').join(', ');
}

function changeText(figure: ComparedFigure): string {
  const values = `${valueText(figure.base, figure.unit)} to ${valueText(figure.fresh, figure.unit)}`;
  return [values, effectText(figure), figure.why ?? ''].filter((part) => part !== '').join('; ');
}

export function effectText({ effect }: ComparedFigure): string {
  if (effect === undefined) return '';
  return `${times(effect.ratio)} (${times(effect.low)} to ${times(effect.high)})`;
}

function times(ratio: number): string {
  return Number.isFinite(ratio) ? `x${Number(ratio.toPrecision(3))}` : 'without bound';
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function valueText(value: number | undefined, unit: string): string {
  return value === undefined ? '-' : formatQuantity(value, unit);
}
