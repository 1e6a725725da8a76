import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { toolPath } from '../../common/tools.ts';
import type { OfficialRelease } from '../../common/official-releases.ts';
import type { Run } from '../results/run.ts';
import { GoTestStream, type GoTest } from './go-test-stream.ts';

export interface SuiteOptions {
  release: OfficialRelease;
  profiles: string[];
  features: string[];
  runTest?: string | undefined;
  implementation: Run['implementation'];
  kubeconfigPath?: string | undefined;
  /** Take the base manifests away afterwards. */
  cleanUp: boolean;
  /** Lines of the suite before its first test: what it waits for. */
  progress: (line: string) => void;
  /** Each test and subtest as it ends. */
  ended: (test: GoTest, all: Iterable<GoTest>) => void;
  signal: AbortSignal;
}

export interface SuiteOutcome {
  tests: GoTest[];
  /** The suite's ConformanceReport; undefined when it did not come so far. */
  report: string | undefined;
  exitCode: number | undefined;
  setUpMs: number;
  durationMs: number;
  /** Its last lines, for a message when it ended in a way of its own. */
  lastLines: string[];
}

/** Far above any healthy run: tests have limits of their own, which add up to less. */
const timeout = '60m';
const keptLines = 15;

/** Runs the official suite's program inside the current network. Nothing of what it does is decided here. */
export async function runSuite(options: SuiteOptions): Promise<SuiteOutcome> {
  const dir = await mkdtemp(join(tmpdir(), 'routeproof-official-'));
  const reportFile = join(dir, 'report.yaml');
  const startMs = performance.now();
  const sinceStart = (): number => Math.round(performance.now() - startMs);
  const stream = new GoTestStream((test) => options.ended(test, stream.tests.values()), sinceStart);
  const lastLines: string[] = [];
  try {
    const child = execa(toolPath(`official-${options.release}`), flagsOf(options, reportFile), {
      cwd: dir,
      env: options.kubeconfigPath === undefined ? {} : { KUBECONFIG: options.kubeconfigPath },
      stdin: 'ignore',
      all: true,
      buffer: false,
      reject: false,
      cancelSignal: options.signal,
    });
    for await (const line of createInterface({ input: child.all, crlfDelay: Infinity })) {
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      if (stream.tests.size <= 1) sayStep(line, options.progress);
      stream.line(line);
    }
    const { exitCode } = await child;
    const tests = [...stream.tests.values()];
    const setUpMs = tests.find(({ name }) => name.includes('/'))?.startedMs ?? sinceStart();
    const report = await readFile(reportFile, 'utf8').catch(() => undefined);
    return { tests, report, exitCode, setUpMs, durationMs: sinceStart(), lastLines };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function flagsOf(options: SuiteOptions, reportFile: string): string[] {
  const { name, version, controllerName } = options.implementation;
  const [organization = name, project = name] = name.split('/', 2);
  return [
    // The package's own unit tests fail outside their source tree.
    '-test.run=^TestConformance$',
    '-test.v=test2json',
    `-test.timeout=${timeout}`,
    `-gateway-class=${options.implementation.gatewayClass}`,
    `-conformance-profiles=${options.profiles.join(',')}`,
    `-supported-features=${options.features.join(',')}`,
    ...(options.runTest === undefined ? [] : [`-run-test=${options.runTest}`]),
    `-cleanup-base-resources=${String(options.cleanUp)}`,
    `-report-output=${reportFile}`,
    `-organization=${organization}`,
    `-project=${project}`,
    `-url=https://${controllerName.split('/')[0] ?? controllerName}`,
    `-version=${version}`,
    '-contact=not given: run by routeproof',
  ];
}

/** `file.go:12: TIME: Test Setup: what`. */
function sayStep(line: string, progress: (line: string) => void): void {
  const step = /Test Setup: (.+)$/.exec(line)?.[1];
  if (step !== undefined) progress(`official suite: ${step}`);
}
