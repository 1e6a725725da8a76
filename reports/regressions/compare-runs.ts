import type { Run } from '../../harness/results/run.ts';
import { comparability, type Comparability } from './comparability.ts';
import { blocksEffect, eventsEffect, samplesEffect, type Effect } from './effect.ts';
import { isLoss, runFigures, type RunFigure } from './run-figures.ts';
import { placeOf } from './place.ts';

export type FigureVerdict = 'better' | 'worse' | 'no difference' | 'not judged';

export interface ComparedFigure extends Pick<
  RunFigure,
  'subject' | 'name' | 'title' | 'side' | 'of' | 'unit'
> {
  base?: number;
  fresh?: number;
  effect?: Effect;
  verdict: FigureVerdict;
  /** Why it is not judged, or what else is to be known. */
  why?: string;
  /** It is worse by more than the threshold, and neither the machine nor the backend is why. */
  isRegression: boolean;
  /** Where a regression lies. */
  place?: string;
}

export interface RunComparison extends Comparability {
  figures: ComparedFigure[];
  regressions: ComparedFigure[];
}

interface Pair {
  base: RunFigure | undefined;
  fresh: RunFigure | undefined;
  /** The one that there is. */
  figure: RunFigure;
}

/** Figures that do not depend on the machine's speed: shares of two sides, counts, sizes of what was sent. */
const anyMachine = (figure: RunFigure): boolean =>
  figure.side.includes('/') || isLoss(figure) || figure.unit === 'writes' || figure.name.startsWith('bytes');

/** What has nothing of the gateway in it. */
const baselines = new Set(['writeAnsweredMs', 'probeCallMs']);

/**
 * Judges each figure of `fresh` beside that of `base`.
 *
 * @param threshold - share by which a figure must be worse to be a regression, beyond doubt or not: 0.1 is 10 %
 */
export function compareRuns(base: Run, fresh: Run, { threshold }: { threshold: number }): RunComparison {
  const how = comparability(base, fresh);
  const pairs = pairsOf(runFigures(base), runFigures(fresh));
  const judged = pairs.map((pair) => ({ pair, result: noLongerMeasured(pair, pairs) ?? judge(pair, how) }));
  const slowed = machineSlowed(judged);
  const figures = judged.map(({ pair, result }) => finished(pair, result, { threshold, slowed, pairs }));
  return { ...how, figures, regressions: figures.filter(({ isRegression }) => isRegression) };
}

type Judged = Pick<ComparedFigure, 'effect' | 'verdict' | 'why'>;

function pairsOf(base: RunFigure[], fresh: RunFigure[]): Pair[] {
  const [a, b] = [base, fresh].map((figures) => new Map(figures.map((figure) => [figure.key, figure])));
  const keys = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])];
  return keys.flatMap((key) => {
    const pair = { base: a?.get(key), fresh: b?.get(key) };
    const figure = pair.fresh ?? pair.base;
    return figure === undefined ? [] : [{ ...pair, figure }];
  });
}

function judge({ base, fresh, figure }: Pair, how: Comparability): Judged {
  if (base === undefined) return notJudged('not measured in the base run');
  if (fresh === undefined) return notJudged('not measured in the new run');
  const invalid = [
    ...base.invalid.map((why) => `base: ${why}`),
    ...fresh.invalid.map((why) => `new: ${why}`),
  ];
  if (invalid.length > 0) return notJudged(`invalid: ${invalid.join('; ')}`);
  if (how.otherMachine !== undefined && !anyMachine(figure)) return notJudged('another machine');
  const events = judgeEvents(base, fresh);
  if (events !== undefined) return events;
  const effect = effectOf(base, fresh);
  if (effect === undefined && isAverage(figure)) return judgeAverages(base, fresh);
  if (effect === undefined) return notJudged('too few samples, or zero among them');
  return { effect, verdict: verdictOf(effect, figure) };
}

/**
 * What could be measured and now cannot, through the gateway alone: a gateway that is too slow for the rate has no valid latency. Where
 * calls are lost, these tell it.
 */
function noLongerMeasured({ base, fresh, figure }: Pair, pairs: readonly Pair[]): Judged | undefined {
  const { subject, side } = figure;
  if (!side.startsWith('gateway') || base?.value === undefined || base.invalid.length > 0) return undefined;
  if (fresh === undefined || fresh.invalid.length === 0) return undefined;
  const sameSubject = pairs.filter((pair) => pair.figure.subject === subject);
  const isSound = ({ figure: of }: Pair): boolean =>
    of.side === 'direct' ? of.invalid.length === 0 : !(isLoss(of) && (of.value ?? 0) > 0);
  if (!sameSubject.every(isSound)) return undefined;
  return { verdict: 'worse', why: `it can no longer be measured: ${fresh.invalid.join('; ')}` };
}

function notJudged(why: string): Judged {
  return { verdict: 'not judged', why };
}

/** No call may be lost: the first one is no matter of statistics. */
function judgeEvents({ samples: a }: RunFigure, { samples: b }: RunFigure): Judged | undefined {
  if (a.kind !== 'events' || b.kind !== 'events') return undefined;
  const why = `${a.events.lost} of ${a.events.calls} calls, and ${b.events.lost} of ${b.events.calls}`;
  if (b.events.calls === 0 || a.events.calls === 0) return notJudged(`no calls were made: ${why}`);
  if (a.events.lost === 0 || b.events.lost === 0) {
    const [more, fewer] = [b.events.lost > a.events.lost, b.events.lost < a.events.lost];
    return { verdict: more ? 'worse' : fewer ? 'better' : 'no difference', why };
  }
  const effect = eventsEffect(a.events, b.events);
  if (effect === undefined) return notJudged(why);
  return { effect, why, verdict: verdictOf(effect, { better: 'lower' }) };
}

/** What stands for many changes though it is one number: bytes, memory, CPU time and writes for a change. */
function isAverage({ samples, unit, name }: RunFigure): boolean {
  return samples.kind === 'single' && (unit === 'bytes' || unit === 'writes' || name.includes('Cpu'));
}

/** Without an interval only what nobody would call noise is a difference. */
const plainly = 2;

function judgeAverages({ value: a = 0 }: RunFigure, { value: b = 0 }: RunFigure): Judged {
  const why = `a single number each: judged by whether it is ${plainly} times the other`;
  const verdict =
    b >= plainly * a && b > a ? 'worse' : a >= plainly * b && a > b ? 'better' : 'no difference';
  return { verdict, why };
}

function effectOf({ samples: a }: RunFigure, { samples: b }: RunFigure): Effect | undefined {
  if (a.kind === 'blocks' && b.kind === 'blocks') return blocksEffect(a.values, b.values);
  if (a.kind !== 'single' || b.kind !== 'single') return undefined;
  return samplesEffect(a.values, b.values, a.share);
}

function verdictOf({ low, high }: Effect, { better }: Pick<RunFigure, 'better'>): FigureVerdict {
  if (low <= 1 && high >= 1) return 'no difference';
  return low > 1 === (better === 'higher') ? 'better' : 'worse';
}

/** By subject and size, how much a time without the gateway in it has grown. */
function machineSlowed(judged: readonly { pair: Pair; result: Judged }[]): Map<string, number> {
  const slowed = new Map<string, number>();
  for (const { pair, result } of judged) {
    const { subject, name, of, side, unit, samples } = pair.figure;
    // Not what the API server answers: a controller that floods it would excuse itself.
    const isBaseline = name === 'probeCallMs' || (side === 'direct' && unit === 'ms');
    const isTail = samples.kind === 'single' && samples.share > 0.5;
    if (!isBaseline || isTail || result.verdict !== 'worse' || result.effect === undefined) continue;
    const key = `${subject} ${of}`;
    slowed.set(key, Math.max(slowed.get(key) ?? 1, result.effect.ratio));
  }
  return slowed;
}

function finished(
  { base, fresh, figure }: Pair,
  result: Judged,
  all: { threshold: number; slowed: ReadonlyMap<string, number>; pairs: readonly Pair[] },
): ComparedFigure {
  const { subject, name, title, side, of, unit } = figure;
  const slowedBy = all.slowed.get(`${subject} ${of}`);
  const byMachine =
    slowedBy !== undefined &&
    unit === 'ms' &&
    !name.includes('Cpu') &&
    (result.effect?.low ?? Infinity) <= slowedBy &&
    !anyMachine(figure);
  const isRegression =
    result.verdict === 'worse' &&
    gates(figure, all.pairs) &&
    !byMachine &&
    exceeds(result, figure, all.threshold);
  const why =
    byMachine && result.verdict === 'worse'
      ? 'what has no gateway in it has slowed as much: the machine'
      : result.why;
  const place = isRegression
    ? placeOf(
        figure,
        all.pairs.flatMap((pair) => pair.fresh ?? []),
      )
    : undefined;
  return {
    ...{ subject, name, title, side, of, unit },
    ...(base?.value !== undefined && { base: base.value }),
    ...(fresh?.value !== undefined && { fresh: fresh.value }),
    ...(result.effect !== undefined && { effect: result.effect }),
    verdict: result.verdict,
    ...(why !== undefined && { why }),
    isRegression,
    ...(place !== undefined && { place }),
  };
}

function exceeds({ effect }: Judged, { better }: RunFigure, threshold: number): boolean {
  if (effect === undefined) return true;
  return better === 'lower' ? effect.ratio >= 1 + threshold : effect.ratio <= 1 / (1 + threshold);
}

/** A figure of one side alone tells of the gateway only where there is none that takes the machine out. */
function gates(figure: RunFigure, pairs: readonly Pair[]): boolean {
  if (baselines.has(figure.name) || figure.side === 'direct' || figure.side === 'floor') return false;
  if (figure.side !== 'gateway' || isLoss(figure)) return true;
  return !pairs.some(
    ({ figure: { subject, name, of, side } }) =>
      subject === figure.subject && name === figure.name && of === figure.of && side.startsWith('gateway /'),
  );
}
