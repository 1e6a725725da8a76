import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';

/**
 * Every reason not to believe a figure: those of whoever measured it, and those that follow from the figure itself. A figure with a
 * reason is never shown as a number.
 */
export function doubtsOf(figure: ControlPlaneFigure): string[] {
  if (figure.invalid.length > 0) return figure.invalid;
  const { summary, samples } = figure;
  if (summary === undefined || samples.length === 0) return ['nothing was measured'];
  if (!samples.every((sample) => Number.isFinite(sample))) return ['a sample is no number'];
  if (summary.samples !== samples.length)
    return [`its summary is of ${summary.samples} samples, and it has ${samples.length}`];
  return [];
}

/** Whether a benchmark has at least one figure to believe, and none that fails it as a whole. */
export function isMeasured({ invalid, figures }: ControlPlaneResult): boolean {
  return invalid.length === 0 && figures.some((figure) => doubtsOf(figure).length === 0);
}

/** Everything that keeps a benchmark from being whole: why it, or a figure, may not be believed, and what is missing. */
export function reasonsOf({ invalid, ended, figures, notMeasured }: ControlPlaneResult): string[] {
  return [
    ...invalid,
    ...(ended === undefined ? [] : [`it ended early: ${ended}`]),
    ...figures.flatMap((figure) =>
      doubtsOf(figure).map(
        (doubt) => `${[figure.title, sizeText(figure)].filter((text) => text !== '').join(', ')}: ${doubt}`,
      ),
    ),
    ...notMeasured.map(({ what, why }) => `${what} was not measured: ${why}`),
  ];
}

/** `at 300 routes`, where it was measured at several sizes. */
export function sizeText({ size, sizeOf }: ControlPlaneFigure): string {
  return size === undefined ? '' : `${size} ${sizeOf ?? ''}`.trim();
}

/** What became of lost calls: `12 UNAVAILABLE, 3 wrong backend`. */
export function codesText({ codes }: ControlPlaneFigure): string {
  return Object.entries(codes ?? {})
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
}
