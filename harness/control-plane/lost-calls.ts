import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import type { CountedCalls } from './counted-calls.ts';

/** Fewer calls than that would have met nothing. */
const leastCalls = 50;

/** What of calls was lost, over all that made them; the calls themselves are a figure too, for a loss is one of so many. */
export function lostCalls(
  name: string,
  title: string,
  makers: readonly Pick<CountedCalls, 'calls' | 'lost' | 'codes'>[],
  at: Pick<ControlPlaneFigure, 'size' | 'sizeOf'> = {},
): ControlPlaneFigure[] {
  const codes: Record<string, number> = {};
  for (const each of makers)
    for (const [code, count] of Object.entries(each.codes)) codes[code] = (codes[code] ?? 0) + count;
  const lost = makers.reduce((sum, each) => sum + each.lost, 0);
  const calls = makers.reduce((sum, each) => sum + each.calls, 0);
  const invalid = calls < leastCalls ? [`only ${calls} calls were made`] : [];
  return [
    figureOf({
      name: `${name}LostCalls`,
      title: `Calls lost: ${title}`,
      unit: 'calls',
      ...at,
      samples: [lost],
      invalid,
      ...(lost > 0 && { codes }),
    }),
    figureOf({
      name: `${name}Calls`,
      title: `Calls made: ${title}`,
      unit: 'calls',
      ...at,
      samples: [calls],
      invalid,
    }),
  ];
}
