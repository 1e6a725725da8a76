import { setTimeout as delay } from 'node:timers/promises';
import type { Probe } from '../../../api/types.ts';
import { probeOnce } from './probe-action.ts';
import type { ProbeTarget } from './probe-action.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { ProbeState, thresholdsOf } from './probe-state.ts';

/** While a program starts, it is asked after 20, 40, 80, 100, 100, ... ms, so that a pod is Ready soon after its program is. */
const firstPauseMs = 20;
/**
 * An answer costs 2 ms of CPU, where no process has to be started for it. Doubled without an end, the pause before the last answer was
 * half a second where a start took one.
 */
const longestPauseMs = 100;

export interface ProberOptions {
  probe: Probe;
  target: ProbeTarget;
  /** True for liveness: alive until shown otherwise. */
  initially: boolean | undefined;
  signal: AbortSignal;
  verdict(ok: boolean): void;
  /** Each answer that is not ok and counts. */
  unhealthy(answer: ProbeAnswer): void;
}

/**
 * Asks every periodSeconds, the first time right after initialDelaySeconds. Until the first success it asks more often in between,
 * and a period counts as one failure when none of its answers was a success: the time to a verdict of failure stays what the
 * thresholds say.
 */
export async function runProber(options: ProberOptions): Promise<void> {
  const { probe, signal } = options;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const state = new ProbeState(thresholdsOf(probe), options.initially);
  try {
    await delay((probe.initialDelaySeconds ?? 0) * 1000, undefined, { signal });
    for (;;) {
      const nextAt = performance.now() + periodMs;
      const answer = await probeOnce(probe, options.target);
      const isStarting = state.verdict !== true && !answer.ok;
      const counted =
        isStarting && (await succeedsBefore(nextAt, options)) ? { ok: true, message: '' } : answer;
      if (signal.aborted) return;
      if (!counted.ok) options.unhealthy(counted);
      if (state.observe(counted.ok) && state.verdict !== undefined) options.verdict(state.verdict);
      await delay(Math.max(0, nextAt - performance.now()), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function succeedsBefore(deadline: number, { probe, target, signal }: ProberOptions): Promise<boolean> {
  let pauseMs = firstPauseMs;
  while (performance.now() + pauseMs < deadline) {
    await delay(pauseMs, undefined, { signal });
    if ((await probeOnce(probe, target)).ok) return true;
    pauseMs = probe.exec === undefined ? Math.min(pauseMs * 2, longestPauseMs) : pauseMs * 2;
  }
  return false;
}
