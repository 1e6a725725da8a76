import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot } from '../../common/tools.ts';
import { implementationNames, readImplementation } from '../../harness/implementations/implementation.ts';
import { exitCodeFor } from '../../harness/results/exit-code.ts';
import { withKnown } from '../../harness/results/known-failures.ts';
import type { Run } from '../../harness/results/run.ts';
import { comparisonMarkdown, mergeRuns, readRun, writeComparison } from '../../reports/index.ts';
import { runSelf } from '../cluster/run-self.ts';
import { matrixSubjects } from '../load/load-subjects.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { runFile } from '../output/run-path.ts';

const bundled = 'routeproof';
const docsFile = join(projectRoot, 'docs/matrix.md');

export interface MatrixFlags {
  implementation?: string[];
  suite?: string[];
  scenario?: string[];
  concurrency?: number;
  limitsScale?: number;
  load: boolean;
  subject?: string[];
  quick?: true;
  writeDocs?: true;
  out?: string;
}

/**
 * Compares runs that there are, or makes one of each implementation.
 *
 * @returns the exit code: 1 when an implementation gave a wrong answer that is not known, else 3 when one could not be judged
 * @throws RouteproofError USAGE, INVALID_RUN_FILE, INVALID_INPUT; NOTHING_TO_JUDGE - none of the runs has left results
 */
export async function matrixRun(given: string[], flags: MatrixFlags): Promise<number> {
  const out = outDir(flags.out, 'matrix', new Date());
  const files = given.length > 0 ? given.map(runFile) : await runAll(flags, out);
  const missing = given.length > 0 ? [] : files.filter((file) => !existsSync(file));
  for (const file of missing) progressLine(`no results at ${file}: see above`);
  const runs: Run[] = [];
  for (const file of files.filter((one) => !missing.includes(one)))
    runs.push(withCurrentKnown(await readRun(file)));
  if (runs.length === 0)
    throw new RouteproofError('NOTHING_TO_JUDGE', 'no implementation could be run', {
      object: out,
      seen: `no ${missing.join(', no ')}`,
      hint: 'run one alone, and mend what it says: routeproof conformance --implementation NAME',
    });
  const merged = mergeRuns(runs);
  const { html } = await writeComparison(merged, out);
  if (flags.writeDocs === true) await writeFile(docsFile, comparisonMarkdown(merged));
  progressLine(`matrix: ${html}`);
  const codes = merged.map(({ scenarios, aborted }) =>
    scenarios.length > 0 || aborted !== undefined
      ? exitCodeFor({ scenarios, aborted: aborted !== undefined })
      : 0,
  );
  if (codes.includes(1)) return 1;
  return codes.includes(3) || missing.length > 0 ? 3 : 0;
}

/** What is known to fail, as the lists are now: a run may be older than its failures' reasons. */
function withCurrentKnown(run: Run): Run {
  const known = implementationNames()
    .map((name) => readImplementation(name))
    .find(
      ({ title, version }) => title === run.implementation.name && version === run.implementation.version,
    );
  if (known === undefined) return run;
  const bare = run.scenarios.map(({ known: _, ...result }) => result);
  return { ...run, scenarios: withKnown(bare, known.knownFailures) };
}

/** Runs one after the other, so that none takes the CPU from another. @returns where the results are */
async function runAll(flags: MatrixFlags, out: string): Promise<string[]> {
  const names = flags.implementation ?? [bundled, ...implementationNames()];
  for (const name of names) if (name !== bundled) readImplementation(name);
  const files: string[] = [];
  for (const name of names) {
    const of = name === bundled ? [] : ['--implementation', name];
    const scale = flags.limitsScale === undefined ? [] : ['--limits-scale', String(flags.limitsScale)];
    const part = (command: string): string => join(out, 'parts', `${name}-${command}`);
    await runSelf([
      'conformance',
      '--no-load',
      ...of,
      ...scale,
      ...selection(flags),
      '--out',
      part('conformance'),
    ]);
    files.push(runFile(part('conformance')));
    if (!flags.load) continue;
    const subjects = ['--subject', (flags.subject ?? matrixSubjects).join(',')];
    const quick = flags.quick === true ? ['--quick'] : [];
    await runSelf(['load', ...of, ...scale, ...subjects, ...quick, '--out', part('load')]);
    files.push(runFile(part('load')));
  }
  return files;
}

function selection({ suite, scenario, concurrency }: MatrixFlags): string[] {
  return [
    ...(suite === undefined ? [] : ['--suite', suite.join(',')]),
    ...(scenario === undefined ? [] : ['--scenario', scenario.join(',')]),
    ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
  ];
}
