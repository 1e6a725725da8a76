import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { shuffle } from 'simple-statistics';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { Pod } from '../base/pod-trouble.ts';
import { control } from '../faults/fault-spec.ts';
import { installationOf, installFault, type Planted } from '../faults/implementation.ts';
import { Lab } from '../faults/lab.ts';
import { defaultFaultLimitsScale, faultLimits, judgingScenarios } from '../faults/scenarios.ts';
import { cleanUp, Control, holds, runAll } from '../faults/trial.ts';
import type { ScenarioResult } from '../results/run.ts';
import type { RunEnv } from '../run-env.ts';
import type { Registered } from '../scenario/registry.ts';
import { Owners } from './affected.ts';
import { describeMutant, type Mutant } from './mutant.ts';
import { Order } from './order.ts';
import { isReplayable, replay } from './replay.ts';
import { activeMutantVariable, mutantsImage, reachedPort, type SourceTree } from './source-tree.ts';

const recordingFile = 'recording.jsonl';
/** Processes at a time. */
const replays = 2;

export interface MutantResult {
  mutant: Mutant;
  /**
   * `unreached`: no scenario makes the healthy gateway come by. `no-difference`: whatever the scenarios did, each status and each
   * resource comes out as without it. `stillborn`: that gateway does not start.
   */
  outcome: 'caught' | 'survived' | 'unreached' | 'no-difference' | 'stillborn' | 'not-run';
  /** The first scenario that failed twice. */
  by?: string;
  /** What it saw, or why nothing is known. */
  seen?: string;
  durationMs: number;
  /** Scenarios whose objects come out otherwise when a recording of them is translated again; the first few. */
  affects?: string[];
}

export interface RunMutantsOptions {
  tree: SourceTree;
  mutants: readonly Mutant[];
  /** A folder that exists. */
  dir: string;
  /** Only what a recording says: no mutant is installed. */
  replayOnly: boolean;
  /** Left open: all. */
  sample?: { count: number; seed: number };
  /** Mutants at a time. */
  concurrency: number;
  /** Scenarios at a time, for each. With one of both, no change but a scenario's own can put right what a gateway has kept too long. */
  scenariosAtATime: number;
  channel: 'standard' | 'experimental';
  kubeconfigPath: string;
  /** The cluster ends with this run: namespaces need not be deleted. */
  disposable: boolean;
  progress: (line: string) => void;
  onResult: (result: MutantResult) => void;
  signal: AbortSignal;
}

/**
 * Runs the scenarios against the healthy gateway, translates what it was given again with each mutant, and then runs the scenarios against
 * the mutants themselves until one notices; on the current cluster.
 *
 * @throws RouteproofError - the cluster or the healthy gateway cannot be set up
 */
export async function runMutants(options: RunMutantsOptions): Promise<MutantResult[]> {
  const { signal, progress, concurrency, scenariosAtATime } = options;
  setMaxListeners(0, signal);
  const scenarios = (await judgingScenarios()).filter(({ meta }) => meta.exclusive !== true);
  const lab = await Lab.open({
    channel: options.channel,
    limits: faultLimits(defaultFaultLimitsScale),
    signal,
    progress,
    ownCluster: options.disposable,
    kubeconfigPath: options.kubeconfigPath,
  });
  try {
    progress('the healthy gateway first: what fails there counts for nothing');
    const healthy = await Control.start(lab, scenarios, {
      concurrency: concurrency * scenariosAtATime,
      signal,
      planted: plantedMutant(undefined),
      onResult: ({ id, verdict, seen = '' }) => {
        if (verdict !== 'pass' && verdict !== 'not-run')
          progress(`does not count: ${id} is ${verdict}: ${seen}`);
      },
    });
    await healthy.run(scenarios.map(({ meta }) => meta.id));
    const results = await Promise.all(scenarios.map(({ meta }) => healthy.result(meta.id)));
    const counting = scenarios.filter((_, at) => results[at] !== undefined && holds(results[at]));
    const address = await healthyAddress(lab);
    const recording = join(options.dir, recordingFile);
    await writeFile(recording, await asked(address, 'recording'));
    const reached = new Set(Object.keys(JSON.parse(await asked(address, 'reached')) as object));
    progress(`${String(counting.length)} scenarios count; recorded in ${recording}`);
    const sorted = await sort(options, { recording, reached: (id) => reached.has(id), scenarios });
    const bench = new Bench({ lab, options, scenarios: counting });
    const limit = pLimit(concurrency);
    const chosen = options.replayOnly ? [] : sampled(sorted.open, options.sample);
    const tried = await Promise.all(chosen.map((one) => limit(() => bench.try(one))));
    await healthy.end({ namespaces: !options.disposable });
    return [...sorted.known, ...tried];
  } finally {
    lab.close();
  }
}

/** The same of an earlier run's recording: no cluster is needed, and no mutant is installed. */
export async function replayMutants(
  options: Pick<RunMutantsOptions, 'tree' | 'mutants' | 'signal' | 'progress' | 'onResult'>,
  recording: string,
): Promise<MutantResult[]> {
  const scenarios = await judgingScenarios();
  const { known, open } = await sort(options, { recording, reached: () => true, scenarios });
  return [...known, ...open.map((each): MutantResult => ({ ...each, outcome: 'not-run', durationMs: 0 }))];
}

interface Open {
  mutant: Mutant;
  affects: string[];
}

/** Tells mutants that no scenario can notice from the others, those first that the fewest scenarios could. */
async function sort(
  {
    tree,
    mutants,
    signal,
    progress,
    onResult,
  }: Pick<RunMutantsOptions, 'tree' | 'mutants' | 'signal' | 'progress' | 'onResult'>,
  of: { recording: string; reached: (id: string) => boolean; scenarios: readonly Registered[] },
): Promise<{ known: MutantResult[]; open: Open[] }> {
  const replayable = mutants.filter(isReplayable);
  progress(`translating it again with ${String(replayable.length)} mutants`);
  const owners = await Owners.of(
    of.scenarios.map(({ meta }) => meta.id),
    of.recording,
  );
  const known: MutantResult[] = [];
  const open: Open[] = [];
  const tell = (mutant: Mutant, rest: Omit<MutantResult, 'mutant' | 'durationMs'>): void => {
    const result = { mutant, ...rest, durationMs: 0 };
    known.push(result);
    onResult(result);
  };
  const byId = new Map(replayable.map((mutant) => [mutant.id, mutant]));
  await replay(tree, {
    recording: of.recording,
    mutants: replayable,
    processes: replays,
    signal,
    onReplayed: ({ mutant: id, differs, error, skipped }) => {
      const mutant = byId.get(id);
      if (mutant === undefined) return;
      const { scenarios: affects, others } = owners.scenariosOf(differs);
      if (skipped === 'unreached') tell(mutant, { outcome: 'unreached' });
      else if (differs.length === 0 && error === undefined && skipped === undefined)
        tell(mutant, { outcome: 'no-difference' });
      else {
        open.push({ mutant, affects });
        progress(
          `differs ${id} ${describeMutant(mutant)}: ${error ?? `${String(differs.length)} names, ${String(others)} of no scenario: ${affects.slice(0, 6).join(' ')}`}`,
        );
      }
    },
  });
  for (const mutant of mutants)
    if (!isReplayable(mutant)) {
      if (of.reached(mutant.id)) open.push({ mutant, affects: [] });
      else tell(mutant, { outcome: 'unreached' });
    }
  progress(`${String(open.length)} of ${String(mutants.length)} mutants could be noticed`);
  return { known, open: open.toSorted((a, b) => a.affects.length - b.affects.length) };
}

function plantedMutant(id: string | undefined): Planted {
  return {
    image: mutantsImage,
    env: [id === undefined ? { name: 'RECORD', value: '1' } : { name: activeMutantVariable, value: id }],
  };
}

/** One mutant after the other, or beside each other, on one cluster. */
class Bench {
  readonly #lab: Lab;
  readonly #options: RunMutantsOptions;
  readonly #scenarios: Map<string, Registered>;
  readonly #order = new Order();

  constructor(of: { lab: Lab; options: RunMutantsOptions; scenarios: readonly Registered[] }) {
    this.#lab = of.lab;
    this.#options = of.options;
    this.#scenarios = new Map(of.scenarios.map((scenario) => [scenario.meta.id, scenario]));
  }

  async try({ mutant, affects }: Open): Promise<MutantResult> {
    const startMs = performance.now();
    const { signal, disposable, onResult } = this.#options;
    const name = `mutant-${mutant.id}`;
    let env: RunEnv | undefined;
    const tell = (rest: Omit<MutantResult, 'mutant' | 'durationMs'>): MutantResult => {
      const result = { mutant, affects, ...rest, durationMs: Math.round(performance.now() - startMs) };
      onResult(result);
      return result;
    };
    try {
      signal.throwIfAborted();
      env = this.#lab.envOf(name, await installFault(this.#lab, name, plantedMutant(mutant.id)));
      const noticed = await this.#firstToNotice({ mutant, affects }, env);
      if (noticed === undefined) return tell({ outcome: 'survived' });
      this.#order.noteCatch(mutant, noticed.id);
      return tell({ outcome: 'caught', by: noticed.id, seen: noticed.seen ?? '' });
    } catch (error) {
      if (signal.aborted) return tell({ outcome: 'not-run', seen: messageOf(signal.reason) });
      const isStart = env === undefined && error instanceof RouteproofError;
      return tell({ outcome: isStart ? 'stillborn' : 'not-run', seen: messageOf(error) });
    } finally {
      await cleanUp(this.#lab, name, env, !disposable);
    }
  }

  /** Fails twice in a row: nothing says that a scenario fails because of the mutant. */
  async #firstToNotice({ mutant, affects }: Open, env: RunEnv): Promise<ScenarioResult | undefined> {
    const sorted = this.#order.sorted(mutant, [...this.#scenarios.keys()]);
    const isAffected = new Set(affects);
    let left = [...sorted.filter((id) => isAffected.has(id)), ...sorted.filter((id) => !isAffected.has(id))];
    while (left.length > 0) {
      const { asked, red } = await this.#untilRed(left, env);
      left = left.filter((id) => !asked.has(id));
      const [again] = red === undefined ? [] : await this.#run([red], env, () => false);
      if (again !== undefined && isRed(again)) return again;
    }
    return undefined;
  }

  async #untilRed(ids: readonly string[], env: RunEnv): Promise<{ asked: Set<string>; red?: string }> {
    const results = await this.#run(ids, env, isRed);
    const ended = results.filter(({ verdict }) => verdict !== 'not-run');
    const red = ended.find(isRed);
    const asked = new Set((red === undefined ? results : ended).map(({ id }) => id));
    return { asked, ...(red === undefined ? {} : { red: red.id }) };
  }

  #run(
    ids: readonly string[],
    env: RunEnv,
    isEnough: (result: ScenarioResult) => boolean,
  ): Promise<ScenarioResult[]> {
    const { scenariosAtATime: concurrency, signal } = this.#options;
    const scenarios = ids.flatMap((id) => this.#scenarios.get(id) ?? []);
    return runAll(scenarios, env, { concurrency, signal, isEnough, inOrder: true });
  }
}

function isRed({ verdict }: ScenarioResult): boolean {
  return verdict === 'wrong' || verdict === 'slow' || verdict === 'unstable';
}

/** Of the pod of the healthy gateway. @throws RouteproofError INTERNAL */
async function healthyAddress(lab: Lab): Promise<string> {
  const { namespace } = installationOf(control.name);
  const { items } = await lab.kube.list<Pod>(await lab.kube.kindInfo('Pod'), namespace);
  const pod = items.find(
    ({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] === 'routeproof-gateway',
  );
  if (pod?.status?.podIP !== undefined) return pod.status.podIP;
  throw new RouteproofError('INTERNAL', 'the instrumented gateway has no pod', {
    object: namespace,
    seen: items.map(({ metadata }) => metadata?.name).join(', '),
  });
}

async function asked(address: string, what: 'reached' | 'recording'): Promise<string> {
  const answer = await fetch(`http://${address}:${String(reachedPort)}/${what}`);
  return answer.text();
}

/** So many of them, the same ones for the same seed. */
export function sampled<T>(list: readonly T[], sample: { count: number; seed: number } | undefined): T[] {
  if (sample === undefined) return [...list];
  const random = xoroshiro128plus(sample.seed);
  return shuffle([...list], () => uniformFloat64(random)).slice(0, sample.count);
}
