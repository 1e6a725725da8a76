import type { Layer, Verdict } from '../../results/run.ts';

export type BadVerdict = Exclude<Verdict, 'pass'>;

/** Ends a scenario: what was expected, what was seen, and the layer at fault. Not an Error of the harness itself. */
export class RouteproofVerdict extends Error {
  readonly verdict: BadVerdict;
  readonly layer: Layer;
  readonly expected: string;
  readonly seen: string;

  constructor(verdict: BadVerdict, of: { layer: Layer; expected: string; seen: string; cause?: unknown }) {
    super(
      `${verdict} at layer ${of.layer}: expected ${of.expected}; seen: ${of.seen}`,
      of.cause === undefined ? undefined : { cause: of.cause },
    );
    this.name = 'RouteproofVerdict';
    this.verdict = verdict;
    this.layer = of.layer;
    this.expected = oneLine(of.expected);
    this.seen = oneLine(of.seen);
  }
}

/** The scenario could not be set up: says nothing about the gateway. */
export function setupFailed(expected: string, seen: string): RouteproofVerdict {
  return new RouteproofVerdict('setup-failed', { layer: 'apply', expected, seen });
}

/** Text on one line, cut where a table could no longer show it. */
export function oneLine(text: string, length = 600): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
