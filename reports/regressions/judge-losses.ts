import type { Judged } from './compared-figure.ts';
import { callsToSee, rateRatioBounds, shareBounds, unseenRate, type Events } from './exact.ts';
import type { RunFigure } from './run-figures.ts';

/** What is to be noticed: one call in so many. */
const noticedOneIn = 10_000;

/**
 * Judges calls lost beside those of the base run. No call may be lost: where the base run lost none, the first one is no matter of
 * statistics, and where it lost some, an exact test tells whether the rate is another. What that cannot tell of a run that lost calls
 * while the machine was so busy that they come too late for that alone is not judged: they are the gateway's or the machine's.
 *
 * @returns undefined where the figures count nothing
 */
export function judgeLosses(
  { samples: a, unit, busy: baseBusy }: RunFigure,
  { samples: b, busy: freshBusy }: RunFigure,
): Judged | undefined {
  if (a.kind !== 'events' || b.kind !== 'events') return undefined;
  const [base, fresh] = [a.events, b.events];
  const counts = `${base.lost} of ${base.calls} ${unit}, and ${fresh.lost} of ${fresh.calls}`;
  if (base.calls === 0 || fresh.calls === 0)
    return { verdict: 'not judged', why: `there were no ${unit}: ${counts}` };
  const bounds = rateRatioBounds(base, fresh);
  if (bounds === undefined)
    return { verdict: 'no difference', why: `${counts}; ${unseenText(base, fresh, unit)}` };
  const why = `${counts}; ${rateText(fresh)} in the new run`;
  if (bounds.low > 1)
    return { verdict: 'worse', why: `${why}; more than chance explains`, ...ratio(base, fresh) };
  if (bounds.high < 1)
    return { verdict: 'better', why: `${why}; fewer than chance explains`, ...ratio(base, fresh) };
  const tooFew = 'too few to tell the two rates apart';
  const busy = [
    ...(freshBusy !== undefined && fresh.lost > 0 ? [`new: ${freshBusy}`] : []),
    ...(baseBusy !== undefined && base.lost > 0 ? [`base: ${baseBusy}`] : []),
  ];
  if (fresh.lost > 0 && busy.length > 0)
    return {
      verdict: 'not judged',
      why: `${why}; ${tooFew}, and the machine may have lost them: ${busy.join('; ')}`,
    };
  if (base.lost === 0) return { verdict: 'worse', why: `${why}; ${tooFew}, but the first lost call counts` };
  return { verdict: 'no difference', why: `${why}; ${tooFew}`, ...ratio(base, fresh) };
}

/** A few losses beside the gateway are compatible with nearly every rate: they explain no loss that chance alone does not. */
const comparable = 0.5;

/**
 * Whether no more is lost through the gateway than beside it in the same run, as far as chance lets one tell. Where the gateway loses more
 * than in the base run beyond chance, the rate beside it must also be at least half of the gateway's.
 */
export function isLostElsewhere(
  { base, fresh }: { base: Events | undefined; fresh: Events },
  beside: readonly Events[],
): boolean {
  const isBeyondChance = base !== undefined && (rateRatioBounds(base, fresh)?.low ?? 0) > 1;
  const least = isBeyondChance ? (comparable * fresh.lost) / fresh.calls : 0;
  return beside.some((other) => {
    const bounds = other.lost === 0 || other.calls === 0 ? undefined : rateRatioBounds(other, fresh);
    return bounds !== undefined && bounds.low <= 1 && other.lost / other.calls >= least;
  });
}

/** A ratio needs both. */
function ratio(base: Events, fresh: Events): Pick<Judged, 'effect'> {
  const bounds = rateRatioBounds(base, fresh);
  if (bounds === undefined || base.lost === 0 || fresh.lost === 0) return {};
  return { effect: { ratio: fresh.lost / fresh.calls / (base.lost / base.calls), ...bounds } };
}

/** What runs of this length can show. */
function unseenText(base: Events, fresh: Events, unit: string): string {
  const calls = Math.min(base.calls, fresh.calls);
  const seen = `a loss of less than ${oneIn(unseenRate(calls))} would not have shown in each run`;
  if (unit !== 'calls' || unseenRate(calls) <= 1 / noticedOneIn) return seen;
  return `${seen}: for ${oneIn(1 / noticedOneIn)} ${callsToSee(1 / noticedOneIn)} calls are needed`;
}

function rateText(events: Events): string {
  const { low, high } = shareBounds(events);
  const upTo = low === 0 ? `less than ${oneIn(high)}` : `${oneIn(low)} to ${oneIn(high)}`;
  return events.lost === 0 ? upTo : `${oneIn(events.lost / events.calls)} (${upTo})`;
}

function oneIn(rate: number): string {
  return `1 in ${Number((1 / rate).toPrecision(3))}`;
}
