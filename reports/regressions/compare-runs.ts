import { given } from '../../common/given.ts';
import type { FigureVerdict, ComparedFigure, Pair, Judged } from './compared-figure.ts';
import type { Run } from '../../harness/results/run.ts';
import { comparability, type Comparability } from './comparability.ts';
import { blocksEffect, meansEffect, samplesEffect, type Effect } from './effect.ts';
import type { Events } from './exact.ts';
import { isLostElsewhere, judgeLosses } from './judge-losses.ts';
import { isLoss, runFigures, type RunFigure } from './run-figures.ts';
import { isSameOfOtherSide, placeOf, type Beside } from './place.ts';
import { addedNotes, undecidedOf, type Undecided } from './undecided.ts';

export interface RunComparison extends Comparability {
  figures: ComparedFigure[];
  regressions: ComparedFigure[];
  /** Benchmarks of the base run of which it cannot be said that the gateway got no worse. */
  undecided: Undecided[];
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
  const beside: Beside = {
    figures: pairs.flatMap((pair) => pair.fresh ?? []),
    verdicts: new Map(judged.map(({ pair, result }) => [pair.figure.key, result.verdict])),
  };
  const figures = judged.map(({ pair, result }) =>
    finished(pair, result, { threshold, slowed, pairs, beside }),
  );
  const regressions = figures.filter(({ isRegression }) => isRegression);
  const notes = [...how.notes, ...addedNotes({ base, fresh, pairs })];
  const isOtherMachine = how.otherMachine !== undefined;
  const undecided = undecidedOf({ base, fresh, pairs, figures, isOtherMachine });
  return { ...how, notes, figures, regressions, undecided };
}

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
  const losses = judgeLosses(base, fresh);
  if (losses !== undefined) return losses;
  const effect = effectOf(base, fresh);
  if (effect === undefined && isAverage(figure)) return judgePlainly(base, fresh, plainly);
  if (figure.samples.kind === 'state') return judgePlainly(base, fresh, plainlyMore);
  if (effect === undefined) return notJudged('too few samples, or zero among them');
  return { effect, verdict: verdictOf(effect, figure, driftOf(figure)) };
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

/** What stands for many changes though it is one number: bytes, memory, CPU time and writes for a change. */
function isAverage({ samples, side, unit, name }: RunFigure): boolean {
  return (
    side === '' &&
    samples.kind !== 'events' &&
    (unit === 'bytes' || unit === 'writes' || name.includes('Cpu'))
  );
}

/** Without an interval only what nobody would call noise is a difference. */
const plainly = 2;
/** Memory of a proxy that does the same: that of six equal runs lay within 1.4 %. */
const plainlyMore = 1.1;

function judgePlainly({ value: a = 0 }: RunFigure, { value: b = 0 }: RunFigure, times: number): Judged {
  const why = `no interval: judged by whether it is ${times} times the other`;
  const verdict = b >= times * a && b > a ? 'worse' : a >= times * b && a > b ? 'better' : 'no difference';
  return { verdict, why };
}

function effectOf({ samples: a }: RunFigure, { samples: b }: RunFigure): Effect | undefined {
  if (a.kind === 'blocks' && b.kind === 'blocks')
    return blocksEffect(a.values, b.values) ?? meansEffect(a.values, b.values);
  if (a.kind !== 'single' || b.kind !== 'single') return undefined;
  return samplesEffect(a.values, b.values, a.share);
}

/**
 * Times and CPU times of the gateway alone have nothing beside them that takes the machine out, and samples of one run do not know how
 * runs differ: a change cost the controller of two equal runs 1.13 times as much (1.02 to 1.27) on a machine with a load of 62. What may
 * be no more than that is no difference.
 */
const runDrift = 1.15;

function driftOf({ side, unit, name }: RunFigure): number {
  const isAlone = (side === '' || side === 'gateway') && !baselines.has(name);
  return isAlone && (unit === 'ms' || unit === 'us') ? runDrift : 1;
}

function verdictOf(
  { low, high }: Effect,
  { better }: Pick<RunFigure, 'better'>,
  drift: number,
): FigureVerdict {
  if (low <= drift && high >= 1 / drift) return 'no difference';
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
  all: { threshold: number; slowed: ReadonlyMap<string, number>; pairs: readonly Pair[]; beside: Beside },
): ComparedFigure {
  const { subject, name, title, side, of, unit } = figure;
  const slowedBy = all.slowed.get(`${subject} ${of}`);
  const byMachine =
    slowedBy !== undefined &&
    unit === 'ms' &&
    !name.includes('Cpu') &&
    (result.effect?.low ?? Infinity) <= slowedBy &&
    !anyMachine(figure);
  const excuse =
    result.verdict !== 'worse'
      ? undefined
      : byMachine
        ? 'what has no gateway in it has slowed as much: the machine'
        : lostElsewhere({ base, figure }, all.beside);
  const tells = gates(figure, all.pairs);
  const isRegression =
    result.verdict === 'worse' && tells && excuse === undefined && exceeds(result, figure, all.threshold);
  const why = [result.why, excuse].filter((part) => part !== undefined).join('; ');
  const place = isRegression ? placeOf(figure, all.beside) : undefined;
  return {
    ...{ subject, name, title, side, of, unit },
    ...given({ base: base?.value, fresh: fresh?.value, effect: result.effect }),
    verdict: result.verdict,
    ...(why !== '' && { why }),
    isRegression,
    tells,
    ...given({ place }),
  };
}

/** Calls that are lost without the gateway are no matter of it, as long as it does not lose more. */
function lostElsewhere(
  { base, figure }: Pick<Pair, 'base' | 'figure'>,
  { figures: beside }: Beside,
): string | undefined {
  const of = eventsOf(figure);
  if (of === undefined || !figure.side.startsWith('gateway')) return undefined;
  const others = beside
    .filter((each) => isSameOfOtherSide(each, figure))
    .flatMap((each) => eventsOf(each) ?? []);
  return isLostElsewhere({ base: base && eventsOf(base), fresh: of }, others)
    ? 'without the gateway as many are lost, as far as can be told'
    : undefined;
}

function eventsOf({ samples }: RunFigure): Events | undefined {
  return samples.kind === 'events' ? samples.events : undefined;
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
