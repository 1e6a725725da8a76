import { probeUntilStable } from '../../wait/probe.ts';
import type { Question } from '../../specs/api.ts';
import type { ScenarioCore } from '../core/core.ts';
import { RouteproofVerdict } from '../core/verdict.ts';

/**
 * Asks until one answer is so, within `servedMs`.
 *
 * @returns that answer
 * @throws RouteproofVerdict wrong - none was, also not within the grace after the limit; slow - one was in that grace
 */
export async function askUntil<T>(
  core: ScenarioCore,
  { what, ask, isSo, seen, layer }: Question<T>,
): Promise<T> {
  const { limits, clock } = core.env;
  core.lastLayer = layer;
  const outcome = await probeUntilStable(
    async () => {
      const result = await ask();
      return { ok: isSo(result), result, seen: seen(result), layer };
    },
    {
      limitMs: limits.servedMs,
      graceMs: limits.servedMs * limits.graceShare,
      clock,
      signal: core.signal,
      inARow: 1,
    },
  );
  const { verdict, last, lastBad = last, attempts } = outcome;
  const passed = verdict === 'pass';
  core.timeline.add({ kind: 'check', text: `${what}, asked ${String(attempts)} times`, ok: passed });
  if (passed) return last.result;
  throw new RouteproofVerdict(verdict, {
    layer,
    expected: `${what} within ${String(Math.round(limits.servedMs))} ms`,
    seen: `${lastBad.seen}, asked ${String(attempts)} times`,
  });
}
