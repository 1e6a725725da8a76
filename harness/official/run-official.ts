import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { version } from '../../common/version.ts';
import { installedCrds } from '../install/crds.ts';
import { KubeClient } from '../kube/client.ts';
import { assembleRun } from '../results/assemble.ts';
import { officialExitCode } from '../results/official-exit-code.ts';
import type { OfficialResult, OfficialTest } from '../results/official.ts';
import type { Run } from '../results/run.ts';
import { implementationOf, kubernetesVersion, type Up } from '../set-up/run-facts.ts';
import type { GoTest } from './go-test-stream.ts';
import { judgeTests, type Selection } from './judge-tests.ts';
import { prepare, type Prepared } from './prepare.ts';
import { profileReports } from './profile-reports.ts';
import { featuresOfProfiles, type OfficialProfile } from './profiles.ts';
import { officialLine } from './progress-line.ts';
import { runSuite, type SuiteOutcome } from './run-suite.ts';

export interface OfficialOptions {
  release: OfficialRelease;
  profiles: OfficialProfile[];
  runTest?: string | undefined;
  /** Instead of what the class claims. */
  supportedFeatures?: string[] | undefined;
  gatewayClass: string;
  /** Install CRDs, and the bundled gateway when the class is its own. */
  install: boolean;
  channel: Channel;
  limitsScale: number;
  /** Leave the suite's base manifests, or have no need to take them away. */
  keep: boolean;
  cluster: { provider: string; name: string };
  /** The cluster may still be coming up when the run begins. */
  up: Promise<Up>;
  kubeconfigPath?: string | undefined;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** Runs the unmodified official suite against a class. The run is complete, also when it ends early. */
export async function runOfficial(options: OfficialOptions): Promise<{ run: Run; exitCode: 0 | 1 | 3 }> {
  const startedAt = new Date();
  const startMs = performance.now();
  const kube = await KubeClient.fromKubeconfig(options.kubeconfigPath);
  let prepared: Prepared | undefined;
  let official: OfficialResult | undefined;
  let aborted: string | undefined;
  try {
    prepared = await prepare(kube, options);
    const { outcome, selection } = await suiteOn(prepared, options);
    official = resultOf(outcome, selection, options);
    aborted = options.signal.aborted ? messageOf(options.signal.reason) : troubleOf(outcome, official);
  } catch (error) {
    aborted =
      error instanceof RouteproofError ? error.message : `the run could not be set up: ${messageOf(error)}`;
  }
  if (aborted !== undefined) options.progress(aborted);
  const gatewayApi =
    prepared === undefined ? { version: 'unknown', channel: 'unknown' } : await installedCrds(kube);
  const { versions, upMs } = await options.up;
  const facts = {
    startedAt,
    durationMs: performance.now() - startMs,
    ...given({ aborted }),
    implementation: implementationFrom(prepared, options),
    cluster: {
      ...options.cluster,
      kubernetesVersion: await kubernetesVersion(kube),
      ...given({ upMs }),
    },
    versions: {
      routeproof: version,
      node: process.version,
      gatewayApi: gatewayApi.version,
      ...versions,
    },
    gatewayApi,
    profile: 'standard',
  };
  kube.close();
  const run: Run = {
    ...assembleRun(facts, []),
    command: 'official',
    ...given({ official }),
  };
  return { run, exitCode: officialExitCode(official, aborted !== undefined) };
}

function implementationFrom(
  prepared: Prepared | undefined,
  { gatewayClass }: OfficialOptions,
): Run['implementation'] {
  const { controllerName, claimed } = prepared ?? {};
  return implementationOf({ gatewayClass, controllerName, supportedFeatures: claimed });
}

async function suiteOn(
  prepared: Prepared,
  options: OfficialOptions,
): Promise<{ outcome: SuiteOutcome; selection: Selection }> {
  const claimed = new Set(options.supportedFeatures ?? prepared.claimed);
  const features = featuresOfProfiles(claimed, options.profiles);
  if (features.length === 0) {
    throw new RouteproofError('INVALID_INPUT', 'there is nothing that the suite could test', {
      object: `GatewayClass ${options.gatewayClass}`,
      seen: `no feature of ${options.profiles.join(', ')} in status.supportedFeatures`,
      hint: 'name the features with --supported-features',
    });
  }
  const selection: Selection = { features: new Set(features), claimed, runTest: options.runTest };
  options.progress(
    `official suite ${options.release}, ${options.profiles.join(', ')}: ${String(features.length)} features claimed`,
  );
  const outcome = await runSuite({
    ...options,
    features,
    implementation: implementationFrom(prepared, options),
    cleanUp: !options.keep,
    ended: (test, all) => sayEnd(test, all, selection, options.progress),
  });
  return { outcome, selection };
}

/** One line a test as it ends; what is not claimed is summed up later. */
function sayEnd(
  test: GoTest,
  all: Iterable<GoTest>,
  selection: Selection,
  progress: (line: string) => void,
): void {
  if (test.name.split('/').length !== 2) return;
  const own = [...all].filter(({ name }) => name === test.name || name.startsWith(`${test.name}/`));
  const [result] = judgeTests(own, selection);
  if (result !== undefined && (result.verdict !== 'not-run' || result.due)) progress(officialLine(result));
}

function resultOf(outcome: SuiteOutcome, selection: Selection, options: OfficialOptions): OfficialResult {
  const tests = judgeTests(outcome.tests, selection);
  const features = [...selection.features];
  return {
    release: options.release,
    profiles: options.profiles,
    features,
    untestedFeatures: untested(features, tests, options.runTest),
    ...given({ runTest: options.runTest }),
    setUpMs: outcome.setUpMs,
    durationMs: outcome.durationMs,
    tests,
    profileReports: profileReports(outcome.report),
    ...given({ report: outcome.report }),
  };
}

/** Of a single test nothing else was asked. */
function untested(features: string[], tests: OfficialTest[], runTest: string | undefined): string[] {
  if (runTest !== undefined) return [];
  const tested = new Set(
    tests.filter(({ verdict }) => verdict !== 'not-run').flatMap((test) => test.features),
  );
  return features.filter((feature) => !tested.has(feature));
}

/** Why the suite's own end is none: it wrote no report, or failed outside every test. */
function troubleOf(outcome: SuiteOutcome, { tests, runTest }: OfficialResult): string | undefined {
  if (runTest !== undefined && tests.length === 0)
    return new RouteproofError('INVALID_INPUT', 'the suite has no such test', {
      object: `--run-test ${runTest}`,
      hint: 'a run of all tests lists their names in run.json',
    }).message;
  const failed = tests.some(({ verdict }) => verdict === 'wrong');
  if (outcome.report !== undefined && (outcome.exitCode === 0 || failed)) return undefined;
  return new RouteproofError('OFFICIAL_SUITE_FAILED', 'the official suite did not come to its end', {
    seen: `exit code ${outcome.exitCode ?? 'none'}:\n        ${outcome.lastLines.join('\n        ')}`,
    hint: 'its base manifests need every pod and Gateway ready: run again with --keep and look at the gateway-conformance-* namespaces',
  }).message;
}
