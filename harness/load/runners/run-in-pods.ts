import { messageOf, RouteproofError } from '../../../common/errors.ts';
import { troubleOfSelected } from '../../base/pod-trouble.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { RunEnv } from '../../env/run-env.ts';
import { processesOfPods } from '../../proxies/proxy-processes.ts';
import type { BlockSamples } from '../samples.ts';
import type { Leg } from '../legs.ts';
import { FollowedPods } from './follow-pods.ts';
import { job } from './job.ts';
import { k6Operator } from './k6-operator.ts';
import { mergePods } from './merge-pods.ts';
import type { PodReport } from './pod-report.ts';
import type { PodsSpec, Runner, RunnerKind } from './runner.ts';
import { sharedObjects, startObject } from './shared-objects.ts';

export interface PodsRun {
  spec: Omit<PodsSpec, 'mostSeconds'>;
  legs: readonly Leg[];
  blocks: number;
  /** How long the script takes from the common start. */
  lengthMs: number;
  /** Called when every pod waits for the start, with k6's processes where they can be seen. */
  started: (pids: readonly number[]) => void;
  progress: (line: string) => void;
  signal: AbortSignal;
}

const runners: Record<RunnerKind, Runner> = { job, 'k6-operator': k6Operator };
/** For a pod to ask for the start and to hear of it, four times over: pods ask five times a second. */
const leadMs = 2_000;

/**
 * Runs a load script in several pods at once, each with its share of the calls, and takes away all that it made, however it ends.
 *
 * @returns the blocks of all pods together; pods without results are doubts about each block
 * @throws RouteproofError LOAD_FAILED - pods did not start, or none had results
 */
export async function runInPods(env: RunEnv, run: PodsRun): Promise<BlockSamples[]> {
  const runner = runners[run.spec.kind];
  const mostSeconds = Math.ceil((run.lengthMs + 2 * env.limits.baseMs) / 1000);
  const spec = { ...run.spec, mostSeconds };
  const objects = [...sharedObjects(spec), runner.workload(spec)];
  let pods: FollowedPods | undefined;
  try {
    for (const object of objects) await env.kube.create(object);
    pods = await followed(env, runner, run);
    await allWait(env, runner, pods, run);
    await env.kube.create(startObject(spec.namespace, Date.now() + leadMs));
    const limitMs = leadMs + run.lengthMs + env.limits.baseMs;
    await pods.until(() => (pods?.ended.size ?? 0) >= spec.parallelism, limitMs);
    return samplesOf(pods, run);
  } finally {
    pods?.stop();
    await remove(env, [startObject(spec.namespace, 0), ...objects].reverse(), run.progress);
  }
}

async function followed(env: RunEnv, runner: Runner, { spec, signal }: PodsRun): Promise<FollowedPods> {
  return new FollowedPods({
    kube: env.kube,
    watch: await env.watches.of('Pod', spec.namespace),
    namespace: spec.namespace,
    labels: runner.labels,
    container: runner.container,
    signal,
  });
}

/** The first in the list may be what makes others: it goes first, and its pods with it. */
async function remove(
  env: RunEnv,
  objects: readonly KubeObject[],
  progress: (line: string) => void,
): Promise<void> {
  for (const { kind = '', apiVersion, metadata } of objects) {
    try {
      const info = await env.kube.kindInfo(kind, apiVersion);
      await env.kube.delete(info, metadata?.namespace, metadata?.name ?? '');
    } catch (error) {
      progress(
        `${kind} ${metadata?.namespace}/${metadata?.name} could not be taken away: ${messageOf(error)}`,
      );
    }
  }
}

/** Images may have to be pulled first, on every node. */
async function allWait(env: RunEnv, runner: Runner, pods: FollowedPods, run: PodsRun): Promise<void> {
  const { parallelism, namespace, image } = run.spec;
  const isOver = (): boolean => pods.waiting >= parallelism || pods.ended.size > 0 || pods.isStuck;
  await pods.until(isOver, env.limits.baseMs);
  const { waiting, ended } = pods;
  if (waiting < parallelism || ended.size > 0) {
    const [words] = [...ended].map((name) => `${name} ended: ${pods.logs.get(name)?.lastWords ?? ''}`);
    throw new RouteproofError('LOAD_FAILED', 'not every pod of the load generator came to its start', {
      object: `${run.spec.kind} in namespace ${namespace}`,
      seen: `${waiting} of ${parallelism} wait to start; ${words ?? `image ${image}${await troubleOfSelected(env.kube, namespace, runner.labels)}`}`,
      hint: 'the nodes must have room for them and be able to pull the image: see --parallelism and --k6-image',
    });
  }
  run.started(processesOfPods(pods.pods.flatMap(({ status }) => status?.podIP ?? [])));
  run.progress(`${run.spec.subject}: ${parallelism} pods of k6 begin together`);
}

function samplesOf(pods: FollowedPods, { spec, legs, blocks }: PodsRun): BlockSamples[] {
  const doubts: string[] = [];
  const reports: PodReport[] = [];
  for (const log of pods.logs.values()) {
    const report = attempt(() => log.report());
    if (report instanceof Error) doubts.push(`pod ${log.pod}: ${oneLine(report.message)}`);
    else if (report === undefined)
      doubts.push(`pod ${log.pod} failed: ${oneLine(log.lastWords) || 'it said nothing'}`);
    else reports.push(report);
  }
  for (const { metadata, status } of pods.pods)
    if (status?.phase !== 'Succeeded' && reports.some(({ pod }) => pod === metadata?.name))
      doubts.push(`pod ${metadata?.name} ended as ${status?.phase ?? 'unknown'}, not as Succeeded`);
  const { parallelism } = spec;
  if (reports.length > 0) return mergePods({ reports, legs, blocks, parallelism, doubts });
  throw new RouteproofError('LOAD_FAILED', 'no pod of the load generator had results', {
    object: `${spec.kind} in namespace ${spec.namespace}`,
    seen: doubts.join('; ') || 'no pod was seen',
    hint: '--keep leaves the namespace for a look',
  });
}

function attempt<T>(read: () => T): T | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' | ');
}
