import type { OfficialTest } from '../results/official.ts';

/** One line a test; of a failed one also what failed and the last it said. */
export function officialLine({
  name,
  verdict,
  durationMs,
  reason,
  failedChecks,
  output,
}: OfficialTest): string {
  const took = `${(durationMs / 1000).toFixed(2)} s`.padStart(8);
  if (verdict === 'pass') return `  pass  ${took}  ${name}`;
  if (verdict === 'not-run') return `  NOT-RUN  ${took}  ${name}\n          ${reason ?? ''}`;
  const lines = [...failedChecks.map((check) => `failed: ${check}`), ...output.slice(-12)];
  return [`  WRONG  ${took}  ${name}`, ...lines.map((line) => `          ${line}`)].join('\n');
}
