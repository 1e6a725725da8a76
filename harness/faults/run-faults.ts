import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { messageOf } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { version } from '../../common/version.ts';
import { readClauseIndex } from '../clauses/clause-facts.ts';
import {
  isKnownOfficially,
  type FaultResult,
  type FaultsResults,
  type FaultsRun,
  type OfficialFaultResult,
} from '../results/faults.ts';
import { isLeftOut } from '../results/left-out.ts';
import type { ScenarioResult } from '../results/run.ts';
import type { Registered } from '../specs/registry.ts';
import { knownClauses } from '../specs/validate.ts';
import { crdFaults } from './crds/crd-fault.ts';
import { control, type FaultSpec } from './fault-spec.ts';
import { plantedFault, type Planted } from './implementation.ts';
import { aimedAt, faultNotRun, faultsExitCode } from './judge.ts';
import { knownResults } from './known-results.ts';
import { Lab } from './lab.ts';
import { assembleResults, countOfficial } from './merge.ts';
import { OfficialColumn, officialProfile } from './official-column.ts';
import { recordVariable } from './recorded-gateway.ts';
import { isSamePart, isServed, partOf, selectFaults, type Asked, type Faults } from './selection.ts';
import { defaultFaultLimitsScale, faultLimits, judgingScenarios } from './scenarios.ts';
import { Control, tryCrdFault, tryFault, type TrialOptions } from './trial.ts';

export interface RunFaultsOptions {
  faults: readonly FaultSpec[];
  /** Which of them. */
  asked: Asked;
  /** An earlier run: what it knows is not tried again. */
  resume?: FaultsResults;
  /** Multiplies the limits of a conformance run; see `defaultFaultLimitsScale`. */
  limitsScale?: number;
  /** Run the official suite against each fault as well, one after the other. */
  official?: boolean;
  /** After each fault that the official suite was run against. */
  onOfficial?: (name: string, result: OfficialFaultResult) => void;
  /** Faults at a time. */
  concurrency?: number;
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
  const { asked } = options;
  const index = readClauseIndex();
  const { part, chosen } = selectFaults(
    { gateway: options.faults, crds: crdFaults(knownClauses()) },
    asked,
    index,
  );
  const scenarios = (await judgingScenarios()).filter(({ meta }) => isServed(partOf(meta, index), part));
  const owed = scenarios.filter(({ meta }) => isSamePart(partOf(meta, index), part));
  setMaxListeners(0, signal);
  const lab = await Lab.open({
    ...part,
    limits: faultLimits(limitsScale),
    signal,
    progress,
    ownCluster: options.disposable === true,
    ...given({ kubeconfigPath: options.kubeconfigPath }),
  });
  try {
    const excluded = new Map<string, FaultsRun['excluded'][number]>();
    const leftOut = new Set<string>();
    const { faults, official } = await tryAll(lab, { ...options, chosen, scenarios, excluded, leftOut });
    const complete = asked.only === undefined && !signal.aborted;
    for (const { scenario, ...why } of options.resume?.excluded ?? [])
      excluded.set(scenario, { scenario, ...why });
    for (const id of options.resume?.leftOut ?? []) leftOut.add(id);
    const run = assembleResults({
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - startMs),
      ...(signal.aborted ? { aborted: messageOf(signal.reason) } : {}),
      parts: [{ ...part, ...given({ shard: asked.shard }) }],
      complete,
      ...(options.resume === undefined ? {} : { resumed: options.resume.startedAt }),
      limitsScale,
      cluster: options.cluster,
      versions: { routeproof: version, node: process.version, ...options.versions },
      faults,
      ...given({ official }),
      excluded: [...excluded.values()],
      leftOut: [...leftOut].sort(),
      idleScenarios: complete ? idle(owed, faults, new Set([...excluded.keys(), ...leftOut])) : [],
    });
    // A shard's idle scenarios may be red in another one.
    const idleScenarios = asked.shard === undefined ? run.idleScenarios : [];
    return { run, exitCode: faultsExitCode({ ...run, idleScenarios, aborted: signal.aborted }) };
  } finally {
    lab.close();
  }
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
    ...(plan.official === true && { planted: recordedHealthy() }),
  });
  const known = knownResults([...chosen.gateway, ...chosen.crds], plan.resume);
  const isOpen = ({ name }: FaultSpec): boolean => !known.has(name);
  const open = { gateway: chosen.gateway.filter(isOpen), crds: chosen.crds.filter(isOpen) };
  await healthy.run(neededBy([...open.gateway, ...open.crds], scenarios));
  const already =
    known.size === 0 ? '' : `, ${String(known.size)} more known from ${plan.resume?.startedAt ?? ''}`;
  const count = open.gateway.length + open.crds.length;
  progress(`${String(count)} faults, ${String(concurrency)} at a time${already}`);
  const options = { control: healthy, scenarios, concurrency: scenariosAtATime, namespaces, signal };
  const results = [...known.values(), ...(await tryChosen(lab, open, { concurrency, onResult, options }))];
  const official =
    plan.official === true && !signal.aborted
      ? await tryOfficially(results, { plan, lab, healthy, namespaces })
      : undefined;
  await healthy.end({ namespaces });
  return { faults: results, ...given({ official }) };
}

/** Puts what the official suite made of each fault beside its result. */
async function tryOfficially(
  results: FaultResult[],
  { plan, lab, healthy, namespaces }: { plan: Plan; lab: Lab; healthy: Control; namespaces: boolean },
): Promise<NonNullable<FaultsRun['official']>> {
  const { chosen, signal, progress } = plan;
  const column = new OfficialColumn({ lab, healthy: healthy.env, namespaces, signal, progress });
  progress('the official suite: first on the healthy gateway');
  const open = new Set(results.filter((one) => !isKnownOfficially(one)).map(({ name }) => name));
  const replayable = chosen.gateway.map(({ name }) => name).filter((name) => open.has(name));
  const unseen = await column.start(replayable);
  progress(
    `${String(unseen.size)} of ${String(open.size)} faults: no difference to anything that the suite does`,
  );
  const faults = new Map([...chosen.gateway, ...chosen.crds].map((fault) => [fault.name, fault]));
  const isUnseen = ({ name }: FaultResult): boolean => unseen.has(name);
  // What takes no time first.
  for (const result of [...results.filter(isUnseen), ...results.filter((one) => !isUnseen(one))]) {
    const fault = faults.get(result.name);
    if (fault === undefined || !open.has(result.name)) continue;
    result.official = await column.try(fault);
    plan.onOfficial?.(result.name, result.official);
  }
  await column.end();
  return {
    release: lab.rules.release,
    profile: officialProfile,
    excluded: [...new Set([...column.excluded, ...(plan.resume?.official?.excluded ?? [])])],
    ...countOfficial(results),
  };
}

/** Those of the gateway side by side, then one by one those that exclusive scenarios are aimed at, and those of CRDs. */
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
  const { scenarios } = of.options;
  const quiet = scenarios.filter(({ meta }) => meta.quiet === true);
  const loud = scenarios.filter((one) => !quiet.includes(one));
  const exclusive = loud.filter(({ meta }) => meta.exclusive === true);
  const isAlone = (fault: FaultSpec): boolean =>
    fault.quiet === true || neededBy([fault], exclusive).length > 0;
  // Nobody else may feel what those change.
  const beside = { ...of.options, scenarios: loud.filter((one) => !exclusive.includes(one)) };
  const results = await Promise.all(
    gateway
      .filter((fault) => !isAlone(fault))
      .map((fault) => limit(async () => told(await tryFault(lab, fault, beside)))),
  );
  for (const fault of gateway.filter(isAlone)) {
    // What others do goes on for a while when they have ended, and would hide it.
    const options = { ...of.options, scenarios: fault.quiet === true ? quiet : loud };
    results.push(told(await tryAlone(lab, fault, options)));
  }
  for (const fault of crds) results.push(told(await tryCrdFault(fault, of.options)));
  return results;
}

function recordedHealthy(): Planted {
  const planted = plantedFault(control.name);
  return { ...planted, env: [...planted.env, recordVariable] };
}

function tryAlone(lab: Lab, fault: FaultSpec, options: TrialOptions): Promise<FaultResult> {
  if (options.control.env.ownCluster || fault.quiet === true) return tryFault(lab, fault, options);
  const reason = 'the scenarios aimed at it change CRDs: it needs a cluster that is made for the run';
  return Promise.resolve(faultNotRun(fault, reason, 0));
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
  const noticed = faults.filter(({ outcome }) => outcome === 'caught');
  const red = new Set(noticed.flatMap(({ catches }) => catches.map(({ scenario }) => scenario)));
  return scenarios
    .map(({ meta }) => meta.id)
    .filter((id) => !red.has(id) && !uncounted.has(id))
    .sort();
}
