import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { version } from '../../common/version.ts';
import type { Channel } from '../install/crds.ts';
import {
  faultsSchemaVersion,
  type FaultResult,
  type FaultsRun,
  type OfficialFaultResult,
} from '../results/faults.ts';
import { isLeftOut } from '../results/left-out.ts';
import type { ScenarioResult } from '../results/run.ts';
import { scaledLimits, type Limits } from '../scenario/limits.ts';
import { readClauseIndex } from '../clauses/clause-facts.ts';
import { loadSpecs } from '../scenario/load-specs.ts';
import { registeredScenarios, type Registered } from '../scenario/registry.ts';
import { mustBeKnown, specFiles } from '../scenario/spec-files.ts';
import { knownClauses, validateScenarios } from '../scenario/validate.ts';
import { crdFaults, type CrdFault } from './crds/crd-fault.ts';
import type { FaultSpec } from './fault-spec.ts';
import { aimedAt, faultsExitCode } from './judge.ts';
import { Lab } from './lab.ts';
import { OfficialColumn, officialProfile } from './official-column.ts';
import { Control, tryCrdFault, tryFault, type TrialOptions } from './trial.ts';

export interface RunFaultsOptions {
  faults: readonly FaultSpec[];
  /** Names of those to run; default all. */
  only?: readonly string[];
  /** Multiplies the limits of a conformance run; see `defaultFaultLimitsScale`. */
  limitsScale?: number;
  /** Run the official suite against each fault as well, one after the other. */
  official?: boolean;
  /** After each fault that the official suite was run against. */
  onOfficial?: (name: string, result: OfficialFaultResult) => void;
  /** Faults at a time. */
  concurrency?: number;
  /** Whose faults; default those named, else the standard channel's. */
  channel?: Channel;
  cluster: { provider: string; name: string };
  versions?: Record<string, string>;
  /** The cluster ends with this run: namespaces need not be deleted. */
  disposable?: boolean;
  kubeconfigPath?: string;
  progress: (line: string) => void;
  /** After each fault, in the order in which they end. */
  onResult: (result: FaultResult) => void;
  signal: AbortSignal;
}

/**
 * A scenario that notices a fault often does so by waiting in vain, so limits are short here: about 25 times what the healthy gateway
 * needs, which passes all scenarios with them, under the same load, before anything else counts.
 */
export const defaultFaultLimitsScale = 0.25;

const faultsAtATime = 4;
/** For each fault. Most of a scenario's time is waiting, with a fault all the more. */
const scenariosAtATime = 5;

/**
 * Runs the scenarios against each fault, on the current cluster (KUBECONFIG).
 *
 * @throws RouteproofError UNKNOWN_FAULT; the cluster or the healthy gateway cannot be set up
 */
export async function runFaults(options: RunFaultsOptions): Promise<{ run: FaultsRun; exitCode: 0 | 1 | 3 }> {
  const startedAt = new Date();
  const startMs = performance.now();
  const { signal, progress, limitsScale = defaultFaultLimitsScale } = options;
  const all = { gateway: options.faults, crds: crdFaults(knownClauses()) };
  const named = chooseFaults(all, options.only);
  const channel = channelFor(named, options);
  const isOf = (fault: FaultSpec): boolean => channelOf(fault) === channel;
  const chosen = { gateway: named.gateway.filter(isOf), crds: named.crds.filter(isOf) };
  const scenarios = (await allScenarios()).filter(({ meta }) => (meta.channel ?? channel) === channel);
  const owed = scenarios.filter(({ meta }) => (meta.channel ?? 'standard') === channel);
  setMaxListeners(0, signal);
  const lab = await Lab.open({
    channel,
    limits: { ...scaledLimits(limitsScale), ...scaledSetUp(limitsScale) },
    signal,
    progress,
    ...(options.official === true ? { release: officialReleases[0] } : {}),
    ...(options.kubeconfigPath === undefined ? {} : { kubeconfigPath: options.kubeconfigPath }),
  });
  try {
    const excluded = new Map<string, FaultsRun['excluded'][number]>();
    const leftOut = new Set<string>();
    const { faults, official } = await tryAll(lab, { ...options, chosen, scenarios, excluded, leftOut });
    const complete = options.only === undefined;
    const run = assemble({
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - startMs),
      ...(signal.aborted ? { aborted: messageOf(signal.reason) } : {}),
      complete,
      limitsScale,
      cluster: options.cluster,
      versions: { routeproof: version, node: process.version, ...options.versions },
      faults,
      ...(official === undefined ? {} : { official }),
      excluded: [...excluded.values()],
      idleScenarios: complete ? idle(owed, faults, new Set([...excluded.keys(), ...leftOut])) : [],
    });
    return { run, exitCode: faultsExitCode({ ...run, aborted: signal.aborted }) };
  } finally {
    lab.close();
  }
}

/** Whatever starts proxies and pods takes what it takes, and is seldom waited for in vain. */
function scaledSetUp(scale: number): Partial<Limits> {
  const { installMs, baseMs, gatewayMs, workloadMs } = scaledLimits(Math.max(scale, 0.5));
  return { installMs, baseMs, gatewayMs, workloadMs, servedMs: scaledLimits(scale * 1.5).servedMs };
}

/** Mistakes of the gateway, which are tried side by side, and of the CRDs, which all would notice. */
interface Faults {
  gateway: readonly FaultSpec[];
  crds: readonly CrdFault[];
}

function chooseFaults({ gateway, crds }: Faults, only: readonly string[] | undefined): Faults {
  const names = [...gateway, ...crds].map(({ name }) => name);
  for (const name of only ?? []) mustBeKnown('UNKNOWN_FAULT', 'fault', name, names);
  const isChosen = ({ name }: FaultSpec): boolean => only?.includes(name) ?? true;
  return { gateway: gateway.filter(isChosen), crds: crds.filter(isChosen) };
}

async function allScenarios(): Promise<readonly Registered[]> {
  await loadSpecs([...specFiles().values()]);
  const scenarios = registeredScenarios();
  validateScenarios(scenarios, readClauseIndex());
  // Those of profiles are wrong on the healthy gateway by their nature; dialects prove them.
  return scenarios.filter(({ meta }) => meta.profiles === undefined);
}

interface Plan extends RunFaultsOptions {
  chosen: Faults;
  scenarios: readonly Registered[];
  /** Filled on the way. */
  excluded: Map<string, FaultsRun['excluded'][number]>;
  /** Scenarios that do not apply here; filled on the way. */
  leftOut: Set<string>;
}

async function tryAll(lab: Lab, plan: Plan): Promise<Pick<FaultsRun, 'faults' | 'official'>> {
  const { chosen, scenarios, signal, progress, onResult } = plan;
  const concurrency = Math.min(plan.concurrency ?? faultsAtATime, Math.max(chosen.gateway.length, 1));
  const namespaces = plan.disposable !== true;
  progress('the healthy gateway first: what fails there counts for nothing');
  const healthy = await Control.start(lab, scenarios, {
    concurrency: concurrency * scenariosAtATime,
    signal,
    onResult: (result) => noteHealthy(result, plan),
  });
  await healthy.run(neededBy([...chosen.gateway, ...chosen.crds], scenarios));
  progress(`${String(chosen.gateway.length + chosen.crds.length)} faults, ${String(concurrency)} at a time`);
  const options = { control: healthy, scenarios, concurrency: scenariosAtATime, namespaces, signal };
  const results = await tryChosen(lab, chosen, { concurrency, onResult, options });
  const official =
    plan.official === true && !signal.aborted
      ? await tryOfficially(results, { plan, lab, healthy, namespaces })
      : undefined;
  await healthy.end({ namespaces });
  return { faults: results, ...(official === undefined ? {} : { official }) };
}

/** Puts what the official suite made of each fault beside its result. */
async function tryOfficially(
  results: FaultResult[],
  { plan, lab, healthy, namespaces }: { plan: Plan; lab: Lab; healthy: Control; namespaces: boolean },
): Promise<NonNullable<FaultsRun['official']>> {
  const { chosen, signal, progress } = plan;
  const column = new OfficialColumn({ lab, healthy: healthy.env, namespaces, signal });
  progress('the official suite: first on the healthy gateway');
  const trouble = await column.start().then(() => undefined, messageOf);
  const faults = new Map([...chosen.gateway, ...chosen.crds].map((fault) => [fault.name, fault]));
  for (const result of results) {
    const fault = faults.get(result.name);
    if (fault === undefined) continue;
    result.official =
      trouble === undefined
        ? await column.try(fault)
        : { outcome: 'not-run', tests: [], ran: 0, reason: trouble, durationMs: 0 };
    plan.onOfficial?.(result.name, result.official);
  }
  const count = (outcome: OfficialFaultResult['outcome']): number =>
    results.filter(({ official }) => official?.outcome === outcome).length;
  return {
    release: lab.rules.release,
    profile: officialProfile,
    excluded: column.excluded,
    caught: count('caught'),
    survived: count('survived'),
    notRun: count('not-run'),
  };
}

/** Those of the gateway side by side, then those of CRDs one by one. */
async function tryChosen(
  lab: Lab,
  { gateway, crds }: Faults,
  of: { concurrency: number; onResult: (result: FaultResult) => void; options: TrialOptions },
): Promise<FaultResult[]> {
  const limit = pLimit(of.concurrency);
  const told = (result: FaultResult): FaultResult => {
    of.onResult(result);
    return result;
  };
  const results = await Promise.all(
    gateway.map((fault) => limit(async () => told(await tryFault(lab, fault, of.options)))),
  );
  for (const fault of crds) results.push(told(await tryCrdFault(fault, of.options)));
  return results;
}

function channelOf({ channel }: FaultSpec): Channel {
  return channel ?? 'standard';
}

/**
 * A run is about the faults of one channel: a watch that is open when a cluster gets the CRDs of the other goes on without their fields.
 *
 * @throws RouteproofError USAGE - faults of both are named
 */
function channelFor({ gateway, crds }: Faults, { channel, only }: RunFaultsOptions): Channel {
  const named = only === undefined ? [] : [...gateway, ...crds];
  const [first = channel ?? 'standard', second] = [...new Set(named.map(channelOf))];
  if (second === undefined && first === (channel ?? first)) return first;
  throw new RouteproofError('USAGE', 'the faults need another release channel, or two', {
    object: '--fault',
    seen: named.map((fault) => `${fault.name} (${channelOf(fault)})`).join(', '),
    hint: 'run those of the experimental channel by themselves',
  });
}

/** Ids of the scenarios that are aimed at one of the faults. */
function neededBy(faults: readonly FaultSpec[], scenarios: readonly Registered[]): string[] {
  const clauses = faults.flatMap((fault) => fault.clauses);
  const { aimed } = aimedAt(
    { name: '', title: '', area: '', layers: [], clauses },
    scenarios.map(({ meta }) => meta),
  );
  return aimed.map(({ id }) => id);
}

function noteHealthy(
  result: ScenarioResult,
  { excluded, leftOut, progress }: Pick<Plan, 'excluded' | 'leftOut' | 'progress'>,
): void {
  const { id, verdict, seen = '' } = result;
  if (isLeftOut(result)) leftOut.add(id);
  if (verdict === 'pass' || isLeftOut(result)) return;
  excluded.set(id, { scenario: id, verdict, seen });
  progress(`excluded: ${id} is ${verdict} on the healthy gateway: ${seen}`);
}

function idle(
  scenarios: readonly Registered[],
  faults: readonly FaultResult[],
  uncounted: ReadonlySet<string>,
): string[] {
  const red = new Set(faults.flatMap(({ catches }) => catches.map(({ scenario }) => scenario)));
  return scenarios
    .map(({ meta }) => meta.id)
    .filter((id) => !red.has(id) && !uncounted.has(id))
    .sort();
}

function assemble(of: Omit<FaultsRun, 'schemaVersion' | 'command' | 'totals'>): FaultsRun {
  const count = (outcome: FaultResult['outcome']): number =>
    of.faults.filter((fault) => fault.outcome === outcome).length;
  return {
    schemaVersion: faultsSchemaVersion,
    command: 'faults',
    ...of,
    totals: {
      faults: of.faults.length,
      caught: count('caught'),
      survived: count('survived'),
      notRun: count('not-run'),
      explained: of.faults.filter(({ clauseNamed, layerNamed }) => clauseNamed && layerNamed).length,
    },
  };
}
