import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { given } from '../common/given.ts';
import type { Run } from '../harness/results/run.ts';
import { headOf } from './formats/embed.ts';
import { overlayAssets, overlayHtml } from './html.ts';
import type { RunComparison } from './regressions/compare-runs.ts';
import { conclusion, undecidedText } from './regressions/text.ts';
import { writeWhole } from './write-reports.ts';
import type { OverlaidRun, OverlayPage } from './overlay/page-data.ts';

/**
 * Writes one page with the figures of all runs, in the order given.
 *
 * @param comparison - of the first two, where they were judged
 * @param file - its name in `outDir`
 * @returns its path
 * @throws RouteproofError DISK_FULL, REPORT_NOT_WRITTEN
 */
export async function writeOverlay(
  runs: readonly Run[],
  { outDir, file, comparison }: { outDir: string; file: string; comparison?: RunComparison },
): Promise<string> {
  const html = join(resolve(outDir), file);
  const data: OverlayPage = {
    runs: runs.map(overlaid),
    ...(comparison !== undefined && { judged: judgedOf(comparison) }),
  };
  // Where it cannot be made, writing says why.
  await mkdir(resolve(outDir), { recursive: true }).catch(() => undefined);
  await writeWhole(html, overlayHtml(data, await overlayAssets()));
  return html;
}

function overlaid(run: Run, index: number): OverlaidRun {
  const { implementation, startedAt, cluster, load, controlPlane } = headOf(run);
  const letter = String.fromCodePoint(65 + (index % 26)) + (index < 26 ? '' : String(Math.floor(index / 26)));
  return {
    letter,
    implementation,
    startedAt,
    cluster,
    load,
    ...given({ controlPlane }),
  };
}

function judgedOf(comparison: RunComparison): NonNullable<OverlayPage['judged']> {
  const { figures, notes, otherMachine, undecided } = comparison;
  const open = undecided.map((each) => `undecided: ${undecidedText(each)}`);
  return {
    figures,
    conclusion: conclusion(comparison),
    notes: [...(otherMachine === undefined ? [] : [otherMachine]), ...notes, ...open],
  };
}
