import type { ScenarioResult } from '../results/run.ts';

/** One verdict for several runs of a scenario: the first that failed, `unstable` when others passed. */
export function combineRepeats(results: ScenarioResult[]): ScenarioResult {
  const [first] = results;
  if (first === undefined) throw new Error('a scenario that ran no time has no result');
  if (results.length === 1) return first;
  const bad = results.filter((result) => result.verdict !== 'pass');
  const [shown = first] = bad;
  const passed = results.length - bad.length;
  const note = `passed ${String(passed)} of ${String(results.length)} runs`;
  const durationMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  const combined = { ...shown, durationMs, notes: [...shown.notes, note] };
  const isGatewayAnswer = bad.some(({ verdict }) => verdict === 'wrong' || verdict === 'slow');
  return passed > 0 && isGatewayAnswer ? { ...combined, verdict: 'unstable' } : combined;
}
