import { lstat, mkdir, open, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, RouteproofError } from '../common/errors.ts';
import type { Run } from '../harness/results/run.ts';
import { bundlePath } from './formats/bundle-path.ts';
import { conformanceReportYaml } from './formats/conformance-report.ts';
import { pageAssets, reportHtml } from './html.ts';
import { junitXml } from './formats/junit.ts';
import { bundleFiles } from './formats/repro-bundle.ts';
import { problemsWithRun } from './run-file.ts';
import { summaryMarkdown } from './formats/summary.ts';

export interface WrittenReports {
  dir: string;
  runJson: string;
  html: string;
  junit: string;
  /** Of the official suite its own one. None of a benchmark alone, which proves nothing of the spec. */
  conformanceReport?: string;
  summary: string;
}

/**
 * Writes run.json, every report made from it and a repro bundle for each failure into `outDir`, then points `latest` beside it there. Each file appears
 * whole or not at all; run.json comes first, so that results survive even when a report cannot be made.
 *
 * @throws RouteproofError DISK_FULL - no space left for a file
 * @throws RouteproofError REPORT_NOT_WRITTEN - a file could not be written for another reason
 * @throws RouteproofError INTERNAL - run.json breaks its own schema
 */
export async function writeReports(run: Run, outDir: string): Promise<WrittenReports> {
  const dir = resolve(outDir);
  const paths: WrittenReports = {
    dir,
    runJson: join(dir, 'run.json'),
    html: join(dir, 'report.html'),
    junit: join(dir, 'junit.xml'),
    summary: join(dir, 'summary.md'),
  };
  await orExplain(dir, () => mkdir(dir, { recursive: true }));
  await writeWhole(paths.runJson, `${JSON.stringify(run, null, 1)}\n`);
  await Promise.all([
    writeWhole(paths.summary, summaryMarkdown(run)),
    writeWhole(paths.junit, junitXml(run)),
    writeConformanceReport(run, paths),
    writeBundles(run, dir),
    pageAssets().then((assets) => writeWhole(paths.html, reportHtml(run, assets))),
  ]);
  await pointLatest(dir);
  const problems = problemsWithRun(run);
  if (problems.length > 0)
    throw new RouteproofError('INTERNAL', 'the run does not match reports/run.schema.json', {
      object: paths.runJson,
      seen: problems.join('\n        '),
      hint: 'this is a bug in routeproof: the files were written all the same; report it with run.json',
    });
  return paths;
}

/** The folder of a scenario's repro bundle, in a run's directory. */
export function bundleDir(outDir: string, id: string): string {
  return join(resolve(outDir), bundlePath(id));
}

/** Those of an earlier run in the same place would tell of failures that are gone. */
async function writeBundles(run: Run, dir: string): Promise<void> {
  await orExplain(dir, () => rm(join(dir, 'repro'), { recursive: true, force: true }));
  for (const scenario of run.scenarios) {
    for (const [name, content] of bundleFiles(run, scenario) ?? []) {
      const path = join(bundleDir(dir, scenario.id), name);
      await orExplain(path, () => mkdir(dirname(path), { recursive: true }));
      await writeWhole(path, content);
    }
  }
}

async function writeConformanceReport(run: Run, paths: WrittenReports): Promise<void> {
  const path = join(paths.dir, 'conformance-report.yaml');
  const report = run.command === 'official' ? run.official?.report : conformanceReportYaml(run);
  if (run.command === 'load' || report === undefined) {
    await orExplain(path, () => rm(path, { force: true }));
    return;
  }
  await writeWhole(path, report);
  paths.conformanceReport = path;
}

/** @throws RouteproofError DISK_FULL, REPORT_NOT_WRITTEN */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  await orExplain(path, async () => {
    try {
      await using file = await open(temporary, 'w');
      await file.writeFile(content);
      // Without it a full or failing disk may be noticed only after the rename.
      await file.sync();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

async function pointLatest(dir: string): Promise<void> {
  const latest = join(dirname(dir), 'latest');
  if (latest === dir) return;
  await orExplain(latest, async () => {
    const existing = await lstat(latest).catch(() => undefined);
    // A directory of the user's own with that name is not ours to replace.
    if (existing !== undefined && !existing.isSymbolicLink()) return;
    if (existing !== undefined && (await readlink(latest)) === basename(dir)) return;
    const temporary = `${latest}.${process.pid}.tmp`;
    await symlink(basename(dir), temporary);
    await rename(temporary, latest);
  });
}

async function orExplain<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explain(path, error);
  }
}

function explain(path: string, cause: unknown): RouteproofError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const details = { object: path, seen: messageOf(cause), cause };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new RouteproofError('DISK_FULL', 'no space left to write the report', {
      ...details,
      hint: 'free some space or choose another place with --out, then make the reports again with `routeproof report`',
    });
  return new RouteproofError('REPORT_NOT_WRITTEN', 'the report could not be written', {
    ...details,
    hint: 'choose a directory that you may write to with --out',
  });
}
