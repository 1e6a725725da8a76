import { dirname } from 'node:path';
import type { Command } from 'commander';
import { RouteproofError } from '../../common/errors.ts';
import { progressLine } from '../output/progress.ts';
import { runFile } from '../output/run-path.ts';

export function addReport(program: Command): void {
  program
    .command('report')
    .description('write the reports of earlier runs again from their run.json')
    .argument('<run...>', 'run.json files, or the directories that hold them')
    .option('--out <dir>', 'where to write (one run only); default: beside run.json')
    .option(
      '--overlay <dir>',
      'instead write overlay.html there: the figures of all these runs, one over the other',
    )
    .action(async (paths: string[], options: { out?: string; overlay?: string }) => {
      if (options.overlay !== undefined) return overlay(paths, options.overlay);
      if (options.out !== undefined && paths.length > 1) {
        throw new RouteproofError('USAGE', '--out takes one run', {
          seen: `${paths.length} runs`,
          hint: 'leave --out away',
        });
      }
      const { readRun, writeReports } = await import('../../reports/index.ts');
      for (const path of paths) {
        const file = runFile(path);
        const written = await writeReports(await readRun(file), options.out ?? dirname(file));
        progressLine(`report: ${written.html}`);
      }
    });
}

async function overlay(paths: string[], outDir: string): Promise<void> {
  const { readRun, writeOverlay } = await import('../../reports/index.ts');
  const runs = await Promise.all(paths.map((path) => readRun(runFile(path))));
  progressLine(`report: ${await writeOverlay(runs, { outDir, file: 'overlay.html' })}`);
}
