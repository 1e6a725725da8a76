import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Results as far as the action tells them. */
interface Totals {
  pass: number;
  wrong: number;
  slow: number;
  unstable: number;
  'setup-failed': number;
}

/** What became of the run. */
export interface Outcome {
  exitCode: number;
  /** Where the reports are, if there are any. */
  out: string;
  /** What was said last: all there is when no report was written. */
  lastWords: string;
}

/** Sets the action's outputs and writes the job's summary. */
export function publish(outcome: Outcome, env: NodeJS.ProcessEnv): void {
  append(env['GITHUB_OUTPUT'], outputsOf(outcome));
  append(env['GITHUB_STEP_SUMMARY'], summaryOf(outcome));
}

function outputsOf({ exitCode, out }: Outcome): string {
  const outputs: Record<string, string | number> = { 'exit-code': exitCode };
  const totals = totalsIn(join(out, 'run.json'));
  if (totals !== undefined) {
    outputs['run-dir'] = out;
    outputs['report'] = join(out, 'report.html');
    outputs['passed'] = totals.pass;
    outputs['failed'] = totals.wrong + totals.slow + totals.unstable + totals['setup-failed'];
  }
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Undefined where there is none, or half of one: routeproof was ended while it wrote. */
function totalsIn(file: string): Totals | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { totals: Totals }).totals;
  } catch {
    return undefined;
  }
}

function summaryOf({ exitCode, out, lastWords }: Outcome): string {
  const file = join(out, 'summary.md');
  if (existsSync(file)) return `${readFileSync(file, 'utf8').trimEnd()}\n`;
  return `## routeproof\n\nThere is no result: exit code ${exitCode}.\n\n~~~\n${lastWords.trim()}\n~~~\n`;
}

/** A place that GitHub names; elsewhere there is none. */
function append(file: string | undefined, text: string): void {
  if (file !== undefined && file !== '') appendFileSync(file, text);
}
