import { stringify } from 'yaml';
import { countsAgainst } from '../../harness/results/counts-against.ts';
import type { Run, ScenarioResult, Support } from '../../harness/results/run.ts';
import { isInformational, isNobodysGap } from '../../harness/results/tier.ts';
import { plural } from '../wording/conclusion.ts';

interface Status {
  result: 'success' | 'partial' | 'failure';
  statistics: { Failed: number; Passed: number; Skipped: number };
  skippedTests?: string[];
  failedTests?: string[];
}

const disclaimer = `# A routeproof run in the shape of the upstream ConformanceReport (gateway.networking.k8s.io/v1).
# It is not a run of the official Gateway API conformance suite, does not claim conformance, and must not be
# submitted as one: test names are routeproof scenarios, and mode says so.
`;

/**
 * The run as upstream's ConformanceReport kind. Upstream counts a skipped core test as partial, and so does this: a
 * scenario that could not be set up or was not run is listed as skipped, never as passed.
 */
export function conformanceReportYaml(run: Run): string {
  const { name, version, supportedFeatures } = run.implementation;
  const [organization, project] = splitName(name);
  const core = statusOf(run, 'core');
  const extended = statusOf(run, 'extended');
  const tested = new Set(run.scenarios.filter((s) => s.support === 'extended').flatMap((s) => s.features));
  const report = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'ConformanceReport',
    date: run.startedAt,
    gatewayAPIChannel: run.gatewayApi.channel,
    gatewayAPIVersion: run.gatewayApi.version,
    implementation: {
      organization,
      project,
      url: urlOf(run.implementation.controllerName),
      version,
      contact: ['not given: made by routeproof, not by the maintainers of the implementation'],
    },
    mode: run.profile === 'standard' ? 'routeproof' : `routeproof-${run.profile}`,
    profiles: [
      {
        name: 'GATEWAY-GRPC',
        summary: summaryOf(run, core, extended),
        core,
        ...(extended === undefined
          ? {}
          : {
              extended: {
                ...extended,
                supportedFeatures: [...tested].filter((f) => supportedFeatures.includes(f)).toSorted(),
                unsupportedFeatures: [...tested].filter((f) => !supportedFeatures.includes(f)).toSorted(),
              },
            }),
      },
    ],
  };
  return disclaimer + stringify(report, { lineWidth: 0, schema: 'yaml-1.1' });
}

/** Undefined for extended when the run held no extended scenario, as upstream leaves the field out. */
function statusOf(run: Run, support: 'core'): Status;
function statusOf(run: Run, support: 'extended'): Status | undefined;
function statusOf(run: Run, support: Support): Status | undefined {
  const scenarios = run.scenarios.filter(
    (s) => s.support === support && !isInformational(s) && !unsupported(run, s),
  );
  if (support === 'extended' && scenarios.length === 0) return undefined;
  const ids = (of: (s: ScenarioResult) => boolean): string[] =>
    scenarios
      .filter(of)
      .map((s) => s.id)
      .toSorted();
  const failed = ids(countsAgainst);
  const passed = ids((s) => s.verdict === 'pass');
  const skipped = ids((s) => s.verdict === 'setup-failed' || s.verdict === 'not-run');
  const partial = skipped.length > 0 || passed.length === 0 || run.aborted !== undefined;
  return {
    result: failed.length > 0 ? 'failure' : partial ? 'partial' : 'success',
    statistics: { Failed: failed.length, Passed: passed.length, Skipped: skipped.length },
    ...(skipped.length > 0 ? { skippedTests: skipped } : {}),
    ...(failed.length > 0 ? { failedTests: failed } : {}),
  };
}

/**
 * Upstream leaves out the extended tests whose features are not claimed, and so are scenarios that do not apply for another reason.
 * One of a claimed feature counts as skipped, whatever it was left out for, and makes the result partial; a core test always counts.
 */
function unsupported(run: Run, scenario: ScenarioResult): boolean {
  const claimed = run.implementation.supportedFeatures;
  if (isNobodysGap(scenario, new Set(claimed))) return true;
  return (
    scenario.support === 'extended' &&
    scenario.verdict === 'not-run' &&
    scenario.features.some((f) => !claimed.includes(f))
  );
}

function summaryOf(run: Run, core: Status, extended: Status | undefined): string {
  const sentences = [`routeproof scenarios, not the official suite. Core ${told(core)}.`];
  if (extended !== undefined) sentences.push(`Extended ${told(extended)}.`);
  if (run.aborted !== undefined) sentences.push(`The run ended early: ${run.aborted}.`);
  const leftOut = run.scenarios.filter(({ leftOut: by }) => by !== undefined && by !== 'feature').length;
  if (leftOut > 0)
    sentences.push(
      `${plural(leftOut, 'scenario')} left out for the release, the profile, the CRDs or the cluster.`,
    );
  const others = run.scenarios.filter(
    (s) => (s.support !== 'core' && s.support !== 'extended') || isInformational(s),
  );
  if (others.length > 0) {
    const failed = others.filter(countsAgainst).length;
    sentences.push(
      `${plural(others.length, 'scenario')} outside core and extended not counted here, ${failed} failed.`,
    );
  }
  return sentences.join(' ');
}

function told(status: Status): string {
  const { Failed, Skipped } = status.statistics;
  if (status.result === 'failure') return `failed with ${plural(Failed, 'failure')}`;
  if (status.statistics.Passed === 0) return 'proven by no scenario';
  if (status.result === 'partial') return `partially succeeded with ${plural(Skipped, 'skip')}`;
  return 'succeeded';
}

/** `organization/project`, or the one name for both. */
function splitName(name: string): [string, string] {
  const slash = name.indexOf('/');
  return slash > 0 ? [name.slice(0, slash), name.slice(slash + 1)] : [name, name];
}

/** The run knows no project page; the domain of the controllerName is the owner's own name for itself. */
function urlOf(controllerName: string): string {
  return `https://${controllerName.split('/')[0] ?? controllerName}`;
}
