import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { proxyPods } from '../proxies/pods.ts';
import type { LoadResult, Side, LoadRunner } from '../results/load.ts';
import type { RunEnv } from '../env/run-env.ts';
import type { Scenario } from '../specs/api.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { floorPorts } from './floor-config.ts';
import { startFloor, type Floor } from './floor.ts';
import { crossChecked } from './cross-check/cross-check.ts';
import type { Leg, LoadCase } from './legs.ts';
import { sideOrder } from './legs.ts';
import { processesOfPods } from '../proxies/proxy-processes.ts';
import { loadHost, loadRoute } from './routes.ts';
import { runLoad, type ElsewhereRun } from './run-load.ts';
import { runInPods } from './runners/run-in-pods.ts';
import type { BlockSamples } from './samples.ts';
import type { Addresses, LoadPlan, LoadSubject } from './subject.ts';

export interface BenchmarkOptions {
  subject: LoadSubject;
  plan: LoadPlan;
  cases: readonly LoadCase[];
  /** Instead of the subject's own. */
  sides?: readonly Side[];
  /** Where k6 runs, instead of beside this process. */
  runner?: LoadRunner;
  /** Whether other load generators make the same calls. */
  crossCheck?: boolean;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** A benchmark that measures one thing. */
export const oneCase: readonly LoadCase[] = [{ name: '' }];

/**
 * Measures a subject through the shared Gateway. Its routes are set up, proven to be served and removed as a scenario's would be.
 *
 * @throws RouteproofError LOAD_FAILED - a route was not served, or k6 failed
 */
export async function benchmark(env: RunEnv, options: BenchmarkOptions): Promise<LoadResult> {
  let result: LoadResult | undefined;
  const made = new Set<Promise<unknown>>();
  const measured = await runScenario(
    {
      meta: {
        id: `load/${options.subject.name}`,
        title: 'Routes to measure',
        support: 'informational',
        clauses: [],
        backends: ['echo'],
        manifests: [],
      },
      body: async (t) => {
        result = await measure(env, t, options, (work) => made.add(work));
      },
      file: undefined,
    },
    env,
    { signal: options.signal, startedMs: 0 },
  );
  // A scenario that is aborted does not wait for its body, but pods must be taken away while there is a client for that.
  await Promise.allSettled(made);
  options.signal.throwIfAborted();
  if (result !== undefined) return result;
  throw new RouteproofError('LOAD_FAILED', 'the benchmark could not run', {
    object: options.subject.name,
    seen: `expected ${measured.expected ?? 'a figure'}; ${measured.seen ?? 'nothing was seen'}`,
    hint: 'see that the scenarios pass first',
  });
}

async function measure(
  env: RunEnv,
  t: Scenario,
  options: BenchmarkOptions,
  makes: (work: Promise<unknown>) => void,
): Promise<LoadResult> {
  const { subject, cases, runner, signal } = options;
  const sides = options.sides ?? subject.sides;
  const backend = env.echoPods[0];
  if (backend === undefined) throw new Error('there are no shared echo pods');
  const proxies = await proxyPods({ env, gateway: { name: 'shared', namespace: env.baseNamespace } });
  const floor = sides.includes('floor')
    ? await startFloor(env, {
        namespace: t.namespace(),
        backend,
        proxies,
        tls: subject.tls === true,
        dialled: runner === undefined,
        signal,
      })
    : undefined;
  if (floor !== undefined)
    options.progress(`${subject.name}: the floor is ${floor.image}, ready after ${floor.tookMs} ms`);
  await serve(t, subject, cases);
  const addresses: Addresses = {
    direct: backend.address,
    floor: floor?.address ?? '',
    gateway: await t.gatewayMustBeProgrammed('routeproof-base/shared'),
  };
  const { during } = subject;
  const notes: string[] = [];
  const legs = legsOf({ ...options, sides }, addresses, t);
  const workDir = await mkdtemp(join(tmpdir(), 'routeproof-load-'));
  try {
    const result = await runLoad({
      subject,
      plan: options.plan,
      cases,
      legs,
      proxyPids: pidsOf(
        floor,
        proxies.flatMap(({ status }) => status?.podIP ?? []),
      ),
      workDir,
      ...(runner !== undefined && {
        elsewhere: (run: ElsewhereRun) => {
          const work = inPods(env, { ...options, legs, runner, namespace: t.namespace() }, run);
          makes(work);
          return work;
        },
      }),
      ...(during !== undefined && {
        during: async (ended: AbortSignal) => {
          notes.push(await during(t, ended));
        },
      }),
      progress: options.progress,
      signal,
    });
    const { progress } = options;
    return {
      ...result,
      ...(options.crossCheck === true && {
        crossChecks: await crossChecked({ result, legs, progress, signal }),
      }),
      ...given({ runner }),
      notes: [...notes, ...(result.notes ?? [])],
    };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function inPods(
  env: RunEnv,
  options: Omit<BenchmarkOptions, 'runner'> & { legs: Leg[]; runner: LoadRunner; namespace: string },
  { parameters, ...run }: ElsewhereRun,
): Promise<BlockSamples[]> {
  const { legs, plan, subject, runner, namespace, progress } = options;
  const shares = { ...parameters, GENERATORS: String(runner.parallelism) };
  const spec = { ...runner, namespace, subject: subject.name, parameters: shares };
  return runInPods(env, { ...run, spec, legs, blocks: plan.blocks, progress });
}

/** Applies the routes and calls each case until it is served. */
async function serve(t: Scenario, subject: LoadSubject, cases: readonly LoadCase[]): Promise<void> {
  const routes = subject.routes?.(cases) ?? [loadRoute('load')];
  await t.applyObjects(...routes);
  await Promise.all(routes.map(({ metadata }) => t.routeMustBeAccepted(metadata?.name ?? '')));
  for (const each of cases) {
    const host = subject.host?.(each) ?? loadHost;
    const metadata = subject.metadata?.(each) ?? {};
    const call = { host, metadata, method: 'echo.Echo/Echo', message: { text: 'ready' } };
    await t.callMust({ ...call, ...subject.call?.(each) }, { status: 'OK' });
  }
}

/** Case by case, the sides of each beside each other. */
function legsOf(
  { subject, plan, cases, sides }: BenchmarkOptions & { sides: readonly Side[] },
  addresses: Addresses,
  t: Pick<Scenario, 'host'>,
): Leg[] {
  return cases.flatMap((of) => {
    const metadata = subject.metadata?.(of);
    return sideOrder
      .filter((side) => sides.includes(side) && (of.sides ?? sides).includes(side))
      .map((side) => ({
        side,
        case: of.name,
        rateRps: of.rateRps ?? Math.min(plan.rateRps, of.mostRps ?? plan.rateRps),
        target: `${addresses[side]}:${ports[side]}`,
        ...(side === 'gateway' && { authority: t.host(subject.host?.(of) ?? loadHost) }),
        ...given({ metadata }),
        ...subject.leg?.({ side, case: of }, addresses),
      }));
  });
}

const ports: Record<Side, number> = { direct: 9000, floor: floorPorts.h2c, gateway: 80 };

/** Looked up when the sampling begins, as late as can be. */
function pidsOf(floor: Floor | undefined, proxies: readonly string[]) {
  return {
    gateway: () => processesOfPods(proxies),
    ...(floor !== undefined && { floor: () => processesOfPods([floor.podAddress]) }),
  };
}
