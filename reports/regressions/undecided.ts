import type { Run } from '../../harness/results/run.ts';
import type { ComparedFigure, Pair } from './compared-figure.ts';
import { isLoss } from './run-figures.ts';

/** A benchmark of which the comparison cannot say that the gateway got no worse. */
export interface Undecided {
  subject: string;
  /** Continues a sentence that begins with the benchmark. */
  why: string;
}

export interface Judgement {
  base: Run;
  fresh: Run;
  pairs: readonly Pair[];
  /** Of each pair, in order. */
  figures: readonly ComparedFigure[];
  /** There times are not judged on purpose, and a note says so. */
  isOtherMachine: boolean;
}

/** Of all benchmarks of the base run: what can no longer be told of the gateway, which would otherwise pass for no difference. */
export function undecidedOf(of: Judgement): Undecided[] {
  return subjectsOf(of.base).flatMap((subject) => {
    const entries = of.pairs.flatMap((pair, index) => {
      const figure = of.figures[index];
      return pair.figure.subject === subject && figure !== undefined ? [{ pair, figure }] : [];
    });
    if (entries.every(({ pair }) => pair.base === undefined)) return [];
    if (entries.every(({ pair }) => pair.fresh === undefined))
      return [{ subject, why: goneText(of, subject) }];
    const both = entries.filter(({ pair, figure }) => pair.base && pair.fresh && figure.tells);
    const reasons = [
      ...vanishedText(entries),
      ...lossesText(both),
      ...(of.isOtherMachine ? [] : costsText(both)),
    ];
    return reasons.map((why) => ({ subject, why }));
  });
}

/** Benchmarks of which nothing was measured in the base run: there was nothing to get worse. */
export function addedNotes({ base, fresh, pairs }: Pick<Judgement, 'base' | 'fresh' | 'pairs'>): string[] {
  const measured = new Set(pairs.filter((pair) => pair.base).map(({ figure }) => figure.subject));
  const subjects = [...new Set([...subjectsOf(base), ...subjectsOf(fresh)])];
  return subjects
    .filter((subject) => !measured.has(subject))
    .map((subject) => `${subject}: not judged, ${missingText(base, subject)}`);
}

function missingText(base: Run, subject: string): string {
  const result = resultsOf(base).find((each) => each.subject === subject);
  return result === undefined ? 'it is not in the base run' : unmeasuredText('base', result.invalid);
}

function unmeasuredText(run: 'base' | 'new', reasons: readonly string[]): string {
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return `nothing of it was measured in the ${run} run${why}`;
}

interface Entry {
  pair: Pair;
  figure: ComparedFigure;
}

function subjectsOf(run: Run): string[] {
  return [...new Set(resultsOf(run).map(({ subject }) => subject))];
}

function resultsOf({ load, controlPlane = [] }: Run): { subject: string; invalid: string[] }[] {
  return [...load, ...controlPlane];
}

function goneText({ fresh }: Judgement, subject: string): string {
  const result = resultsOf(fresh).find((each) => each.subject === subject);
  return result === undefined ? 'it is not in the new run' : unmeasuredText('new', result.invalid);
}

/** A percentile that a shorter run has too few samples for has not vanished: others of the same samples are there. */
function vanishedText(entries: readonly Entry[]): string[] {
  const measureOf = ({ figure: { name, side, of } }: Entry): string => `${name} ${side} ${of}`;
  const measured = new Set(entries.filter(({ pair }) => pair.fresh !== undefined).map(measureOf));
  const gone = entries.filter((entry) => entry.figure.tells && !measured.has(measureOf(entry)));
  const names = gone.map(({ figure: { title, side, of } }) =>
    [title, side, of].filter((part) => part !== '').join(', '),
  );
  return names.length === 0 ? [] : [`not measured in the new run: ${names.join(' and ')}`];
}

/** Calls that were lost are wrong answers until it is known whose they are. */
function lossesText(entries: readonly Entry[]): string[] {
  const isOpen = entries.some(({ pair, figure }) => isLoss(pair.figure) && figure.verdict === 'not judged');
  return isOpen ? ['whether it loses more calls could not be judged'] : [];
}

/** A benchmark that only counts losses is decided by them; others are not run to hear that no call of a few was lost. */
function costsText(entries: readonly Entry[]): string[] {
  const costs = entries.filter(({ figure }) =>
    entries.some(({ pair: { figure: other } }) => other.name === figure.name && !isLoss(other)),
  );
  const countsOnly = costs.length === 0 && entries.length > 0;
  const isOpen = !countsOnly && costs.every(({ figure }) => figure.verdict === 'not judged');
  return isOpen ? ['what calls and changes cost could not be judged'] : [];
}
