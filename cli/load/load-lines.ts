import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import { crossCheckText } from '../../harness/load/cross-check/cross-check.ts';
import type { LoadFigure, LoadResult, LoadVariant } from '../../harness/results/load.ts';

/** A benchmark of calls, for a terminal: the sides, what one costs more than another, and every figure of one with several cases. */
export function loadLines({
  title,
  targetRateRps,
  invalid,
  variants,
  figures = [],
  notes = [],
  crossChecks = [],
}: LoadResult): string[] {
  const cases = variants.some((variant) => variant.case !== undefined);
  const isShown = ({ side, name }: LoadFigure): boolean =>
    cases || side.includes(' ') || !inVariantLine.test(name);
  const shown = figures.filter((figure) => isShown(figure) && figure.invalid.length === 0);
  const doubts = new Set([...invalid, ...figures.flatMap((figure) => figure.invalid)]);
  return [
    `${title}, ${targetRateRps} calls a second`,
    ...notes.map((note) => `  ${note}`),
    ...[...doubts].map((reason) => `  invalid: ${reason}`),
    ...(cases || invalid.length > 0 ? [] : variants.map(variantLine)),
    ...shown.map(figureLine),
    ...crossChecks.map((check) => `  ${crossCheckText(check)}`),
  ];
}

/** Names of figures that stand in the line of their side already. */
const inVariantLine = /^(latency|messageLatency|proxy)/;

function variantLine({ name, latencyMs, requests, proxyCpuUsPerRequest }: LoadVariant): string {
  const cost =
    proxyCpuUsPerRequest === undefined ? '' : `, ${proxyCpuUsPerRequest.toFixed(0)} us of proxy CPU a call`;
  const percentiles = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map(
    (key) => `${key} ${latencyMs[key].toFixed(2)}`,
  );
  return `  ${name.padEnd(8)} ${percentiles.join('  ')} ms (${requests} calls${cost})`;
}

function figureLine({ name, side, case: of, value = NaN, interval, unit }: LoadFigure): string {
  const digits = (number: number): string => String(Number(number.toPrecision(3)));
  const range = interval === undefined ? '' : ` (${digits(interval.low)} to ${digits(interval.high)})`;
  return `  ${side}${of === undefined ? '' : ` ${of}`}: ${name} ${digits(value)} ${unit}${range}`;
}

/** A benchmark of the control plane, for a terminal. */
export function controlPlaneLines({
  title,
  invalid,
  ended,
  figures,
  notMeasured,
}: ControlPlaneResult): string[] {
  return [
    title,
    ...invalid.map((reason) => `  invalid: ${reason}`),
    ...(ended === undefined ? [] : [`  ended early: ${ended}`]),
    ...figures.map((figure) => `  ${nameOf(figure)}: ${valueOf(figure)}`),
    ...notMeasured.map(({ what, why }) => `  ${what}: not measured: ${why}`),
  ];
}

function nameOf({ name, size, sizeOf }: ControlPlaneFigure): string {
  return size === undefined ? name : `${name} at ${size} ${sizeOf ?? ''}`;
}

function valueOf({ invalid, summary, unit, codes }: ControlPlaneFigure): string {
  if (summary === undefined) return `invalid: ${invalid.join('; ')}`;
  const { samples, p50, p99, max } = summary;
  const why = Object.entries(codes ?? {}).map(([code, count]) => `${count} ${code}`);
  const causes = why.length === 0 ? '' : ` (${why.join(', ')})`;
  if (samples === 1) return `${max} ${unit}${causes}`;
  return `p50 ${p50}  p99 ${p99}  max ${max} ${unit} (${samples} samples)${causes}`;
}
