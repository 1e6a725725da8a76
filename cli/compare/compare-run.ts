import { writeFile } from 'node:fs/promises';
import { RouteproofError } from '../../common/errors.ts';
import {
  compareRuns,
  comparisonLines,
  readRun,
  regressionMarkdown,
  runName,
  writeOverlay,
} from '../../reports/index.ts';
import { progressLine } from '../output/progress.ts';
import { runFile } from '../output/run-path.ts';

export interface CompareFlags {
  /** Percent. */
  threshold: number;
  markdown?: string;
  json?: true;
  out?: string;
}

/**
 * @returns the exit code: 1 when a figure got worse beyond doubt and by more than the threshold, else 3 when the new run ended early or what a
 * benchmark of the base run measures could not be judged or is gone
 * @throws RouteproofError USAGE when the two have no figure in common, INVALID_RUN_FILE
 */
export async function compareRun(basePath: string, freshPath: string, flags: CompareFlags): Promise<number> {
  const [base, fresh] = [await readRun(runFile(basePath)), await readRun(runFile(freshPath))];
  const threshold = flags.threshold / 100;
  const comparison = compareRuns(base, fresh, { threshold });
  if (!comparison.figures.some((figure) => figure.base !== undefined && figure.fresh !== undefined)) {
    throw new RouteproofError('USAGE', 'the two runs have no figure in common', {
      object: `${basePath}, ${freshPath}`,
      seen: `${subjects(base)}; ${subjects(fresh)}`,
      hint: 'compare runs of the same subjects, made with: routeproof load --subject NAME',
    });
  }
  const named = { base: runName(base), fresh: runName(fresh), threshold };
  if (flags.markdown !== undefined) await writeFile(flags.markdown, regressionMarkdown(comparison, named));
  if (flags.out !== undefined) {
    const html = await writeOverlay([base, fresh], { outDir: flags.out, file: 'compare.html', comparison });
    progressLine(`report: ${html}`);
  }
  const lines =
    flags.json === true ? [JSON.stringify(comparison, null, 2)] : comparisonLines(comparison, named);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (comparison.regressions.length > 0) return 1;
  return fresh.aborted === undefined && comparison.undecided.length === 0 ? 0 : 3;
}

function subjects({ load, controlPlane = [] }: Awaited<ReturnType<typeof readRun>>): string {
  const names = [...load, ...controlPlane].map(({ subject }) => subject);
  return names.length === 0 ? 'no benchmark' : names.join(', ');
}
