import { describePassRate } from './pass-rate.ts';
import { isLeftOut } from './left-out.ts';
import type { ScenarioResult } from './run.ts';
import { impliedFindings, isInformational } from './tier.ts';

/**
 * One line per scenario; on anything but a pass with the layer and what was expected and seen below it.
 *
 * @param bundle - where its repro bundle will be
 */
export function resultLine(result: ScenarioResult, bundle?: string): string {
  const took = `${(result.durationMs / 1000).toFixed(2)} s`.padStart(8);
  const parts = impliedFindings(result).map(
    ({ verdict, layer, seen }) => `\n          informational, ${verdict} at ${layer}: ${seen}`,
  );
  if (result.verdict === 'pass') return `  pass  ${took}  ${result.id}${parts.join('')}`;
  if (isLeftOut(result))
    return `  LEFT OUT  ${took}  ${result.id}: ${result.title}\n          ${result.seen ?? ''}`;
  const told = isInformational(result) ? ' (informational)' : '';
  const head = `  ${result.verdict.toUpperCase()}${told}${result.layer === undefined ? '' : ` at ${result.layer}`}  ${took}  ${result.id}: ${result.title}`;
  if (result.verdict === 'not-run') return `${head}\n          ${result.seen ?? ''}`;
  const { commands = [] } = result.repro ?? {};
  // The first two run it again and show the objects; where a call is told, that is what to try.
  const tries = commands.length > 2 ? commands.slice(2) : commands.slice(-1);
  return [
    head,
    `          expected: ${result.expected ?? ''}`,
    `          seen:     ${result.seen ?? ''}`,
    ...(result.comparisons ?? []).map(({ text }) => `          beside:   ${text}`),
    ...labelled('pods:', result.unreadyPods ?? []),
    ...labelled('try:', tries),
    ...(bundle === undefined || result.repro === undefined ? [] : [`          repro:    ${bundle}`]),
  ].join('\n');
}

/** Lines below each other, the first one with what they are. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => `          ${(at === 0 ? label : '').padEnd(10)}${line}`);
}

/** How often a failure passed when it was run again alone. */
export function rerunLine({ id, verdict, rerun }: ScenarioResult): string {
  if (rerun === undefined) return `  ${id} was not run again`;
  const told = rerun.runs === 0 ? 'was not run again' : describePassRate(rerun);
  return `  alone ${id} (${verdict}) ${told}${rerun.stopped === undefined ? '' : `; ${rerun.stopped}`}`;
}

/** What one of several runs of everything gave: counts, and each failure in full. */
export function roundLines(round: number, of: number, results: readonly ScenarioResult[]): string[] {
  const bad = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-run');
  const counts = Map.groupBy(results, ({ verdict }) => verdict);
  const shown = [...counts].map(([verdict, some]) => `${String(some.length)} ${verdict}`).join(', ');
  return [
    ...bad.map((result) => resultLine(result)),
    `run ${String(round)} of ${String(of)}: ${shown === '' ? 'nothing left to run' : shown}`,
  ];
}
