import type { CrossCheckFigure } from '../../harness/results/load.ts';
import { formatMs } from './figures.ts';

export const crossCheckLabels: Record<CrossCheckFigure['name'], string> = {
  achievedRateRps: 'rate reached',
  latencyP50Ms: 'latency, median',
  latencyP99Ms: 'latency, 99th percentile',
};

export function crossCheckValue({ name }: CrossCheckFigure, value: number): string {
  return name === 'achievedRateRps' ? `${Number(value.toPrecision(4))}/s` : formatMs(value);
}
