import type { ControlPlaneFigure, ControlPlaneResult } from '../harness/results/control-plane.ts';
import type { LoadResult } from '../harness/results/run.ts';

/** A benchmark of calls, for a terminal. */
export function loadLines({ title, targetRateRps, invalid, variants }: LoadResult): string[] {
  const head = `${title}, ${targetRateRps} calls a second`;
  if (invalid.length > 0) return [head, `  invalid: ${invalid.join('; ')}`];
  const rows = variants.map(({ name, latencyMs, requests, proxyCpuUsPerRequest }) => {
    const cost =
      proxyCpuUsPerRequest === undefined ? '' : `, ${proxyCpuUsPerRequest.toFixed(0)} us of proxy CPU a call`;
    const figures = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map(
      (key) => `${key} ${latencyMs[key].toFixed(2)}`,
    );
    return `  ${name.padEnd(8)} ${figures.join('  ')} ms (${requests} calls${cost})`;
  });
  return [head, ...rows];
}

/** A benchmark of the control plane, for a terminal. */
export function controlPlaneLines({ title, invalid, figures, notMeasured }: ControlPlaneResult): string[] {
  return [
    title,
    ...invalid.map((reason) => `  invalid: ${reason}`),
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
