import type { ScenarioResult } from './results/run.ts';

/** One line per scenario; on anything but a pass with the layer and what was expected and seen below it. */
export function resultLine(result: ScenarioResult): string {
  const took = `${(result.durationMs / 1000).toFixed(2)} s`.padStart(8);
  if (result.verdict === 'pass') return `  pass  ${took}  ${result.id}`;
  const told = result.support === 'informational' ? ' (informational)' : '';
  const head = `  ${result.verdict.toUpperCase()}${told}${result.layer === undefined ? '' : ` at ${result.layer}`}  ${took}  ${result.id}: ${result.title}`;
  if (result.verdict === 'not-run') return `${head}\n          ${result.seen ?? ''}`;
  const command = result.repro?.commands.at(-1);
  return [
    head,
    `          expected: ${result.expected ?? ''}`,
    `          seen:     ${result.seen ?? ''}`,
    ...(command === undefined ? [] : [`          try:      ${command}`]),
  ].join('\n');
}
