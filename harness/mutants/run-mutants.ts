import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { shuffle } from 'simple-statistics';
import { RouteproofError } from '../../common/errors.ts';
import { Lab } from '../faults/lab.ts';
import { RecordedGateway } from '../faults/recorded-gateway.ts';
import { defaultFaultLimitsScale, faultLimits, judgingScenarios } from '../faults/scenarios.ts';
import { Control, holds } from '../faults/trial.ts';
import type { Channel } from '../../common/official-releases.ts';
import type { Registered } from '../specs/registry.ts';
import { Bench, plantedMutant } from './bench.ts';
import type { MutantResult } from './mutant-result.ts';
import { sortOut, type Open, type SortOutOptions } from './sort-out.ts';

const recordingFile = 'recording.jsonl';

export interface RunMutantsOptions extends SortOutOptions {
  /** A folder that exists, for the recording. */
  dir: string;
  /** Only what a recording says: no mutant is installed. */
  replayOnly: boolean;
  /** Left open: all. */
  sample?: { count: number; seed: number };
  /** Mutants at a time. */
  concurrency: number;
  /** Scenarios at a time, for each. With one of both, no change but a scenario's own can put right what a gateway has kept too long. */
  scenariosAtATime: number;
  channel: Channel;
  kubeconfigPath: string;
  /** The cluster ends with this run: namespaces need not be deleted. */
  disposable: boolean;
}

/**
 * Runs the scenarios against the healthy gateway, translates what it was given again with each mutant, and then runs the scenarios against
 * the mutants themselves until one notices; on the current cluster.
 *
 * @throws RouteproofError NOTHING_TO_JUDGE - no scenario holds; others: the cluster or the healthy gateway cannot be set up
 */
export async function runMutants(options: RunMutantsOptions): Promise<MutantResult[]> {
  const { signal, progress } = options;
  setMaxListeners(0, signal);
  const scenarios = await sharedScenarios();
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
      concurrency: options.concurrency * options.scenariosAtATime,
      signal,
      planted: plantedMutant(options.tree, undefined),
      onResult: ({ id, verdict, seen = '' }) => {
        if (verdict !== 'pass' && verdict !== 'not-run')
          progress(`does not count: ${id} is ${verdict}: ${seen}`);
      },
    });
    try {
      return await tryAll(options, { lab, healthy, scenarios });
    } finally {
      await healthy.end({ namespaces: !options.disposable });
    }
  } finally {
    lab.close();
  }
}

async function tryAll(
  options: RunMutantsOptions,
  { lab, healthy, scenarios }: { lab: Lab; healthy: Control; scenarios: readonly Registered[] },
): Promise<MutantResult[]> {
  const { signal, progress, onResult, tree, disposable } = options;
  const ids = scenarios.map(({ meta }) => meta.id);
  await healthy.run(ids);
  signal.throwIfAborted();
  const results = await Promise.all(ids.map((id) => healthy.result(id)));
  const counting = scenarios.filter((_, at) => results[at] !== undefined && holds(results[at]));
  if (counting.length === 0)
    throw new RouteproofError('NOTHING_TO_JUDGE', 'no scenario holds on the healthy gateway', {
      seen: results[0]?.seen ?? 'no scenario',
      hint: 'see that they pass without mutants: routeproof conformance --scenario NAME',
    });
  const recording = join(options.dir, recordingFile);
  const gateway = new RecordedGateway(lab, signal);
  await writeFile(recording, await gateway.recording());
  const reached = new Set(Object.keys(JSON.parse(await gateway.ask('/reached')) as object));
  progress(`${String(counting.length)} scenarios count; recorded in ${recording}`);
  const { known, open } = await sortOut(options, { recording, reached, ids });
  const chosen = options.replayOnly ? [] : sampled(open, options.sample);
  const bench = new Bench({
    lab,
    tree,
    scenarios: counting,
    concurrency: options.scenariosAtATime,
    namespaces: !disposable,
    signal,
    onResult,
  });
  const limit = pLimit(options.concurrency);
  const tried = await Promise.all(chosen.map((one) => limit(() => bench.try(one))));
  return [...known, ...notTried(open, chosen), ...tried];
}

/** The same of an earlier run's recording: no cluster is needed, and no mutant is installed. */
export async function replayMutants(options: SortOutOptions, recording: string): Promise<MutantResult[]> {
  const ids = (await sharedScenarios()).map(({ meta }) => meta.id);
  const { known, open } = await sortOut(options, { recording, ids });
  return [...known, ...notTried(open, [])];
}

/** Exclusive ones change CRDs for all that are on the cluster. */
async function sharedScenarios(): Promise<readonly Registered[]> {
  return (await judgingScenarios()).filter(({ meta }) => meta.exclusive !== true);
}

function notTried(open: readonly Open[], chosen: readonly Open[]): MutantResult[] {
  const isChosen = new Set(chosen);
  return open
    .filter((one) => !isChosen.has(one))
    .map((one) => ({ ...one, outcome: 'not-tried', durationMs: 0 }));
}

/** So many of them, the same ones for the same seed, in the order in which they were. */
export function sampled<T>(list: readonly T[], sample: { count: number; seed: number } | undefined): T[] {
  if (sample === undefined) return [...list];
  const random = xoroshiro128plus(sample.seed);
  const chosen = new Set(shuffle([...list], () => uniformFloat64(random)).slice(0, sample.count));
  return list.filter((one) => chosen.has(one));
}
