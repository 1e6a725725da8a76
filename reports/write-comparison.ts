import { join, resolve } from 'node:path';
import type { Run } from '../harness/results/run.ts';
import { comparisonAssets, comparisonHtml } from './html.ts';
import { writeReports, writeWhole } from './write-reports.ts';
import { comparisonMarkdown } from './comparison/markdown.ts';
import { runFolder } from './comparison/run-folder.ts';

/**
 * Writes matrix.html and matrix.md into `outDir`, and the reports of each run below runs/.
 *
 * @param runs - one for each implementation
 * @throws RouteproofError DISK_FULL, REPORT_NOT_WRITTEN
 */
export async function writeComparison(
  runs: readonly Run[],
  outDir: string,
): Promise<{ html: string; markdown: string }> {
  const dir = resolve(outDir);
  for (const run of runs) await writeReports(run, join(dir, runFolder(run)));
  const [html, markdown] = [join(dir, 'matrix.html'), join(dir, 'matrix.md')];
  await writeWhole(html, comparisonHtml(runs, await comparisonAssets()));
  await writeWhole(markdown, comparisonMarkdown(runs));
  return { html, markdown };
}
