import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { LoadResult } from '../results/run.ts';
import type { RunEnv } from '../run-env.ts';
import type { Scenario } from '../scenario/api.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { processesOfPods } from './proxy-processes.ts';
import { runLoad, type LoadPlan } from './run-load.ts';

export interface BenchmarkOptions {
  subject: string;
  plan: LoadPlan;
  progress: (line: string) => void;
  signal: AbortSignal;
}

const host = 'load.example.com';

/**
 * Measures a subject through the shared Gateway. Its route is set up, proven to be served and removed as a scenario's would be.
 *
 * @throws RouteproofError LOAD_FAILED - the route was not served, or k6 failed
 */
export async function benchmark(env: RunEnv, options: BenchmarkOptions): Promise<LoadResult> {
  let result: LoadResult | undefined;
  const measured = await runScenario(
    {
      meta: {
        id: `load/${options.subject}`,
        title: 'A route to measure',
        support: 'informational',
        clauses: [],
        backends: ['echo'],
        manifests: [],
      },
      body: async (t) => {
        result = await measure(env, t, options);
      },
      file: undefined,
    },
    env,
    { signal: options.signal, startedMs: 0 },
  );
  options.signal.throwIfAborted();
  if (result !== undefined) return result;
  throw new RouteproofError('LOAD_FAILED', 'the benchmark could not run', {
    object: options.subject,
    seen: `expected ${measured.expected ?? 'a figure'}; ${measured.seen ?? 'nothing was seen'}`,
    hint: 'see that the scenarios pass first',
  });
}

async function measure(env: RunEnv, t: Scenario, options: BenchmarkOptions): Promise<LoadResult> {
  await t.applyObjects(route());
  await t.routeMustBeAccepted('load');
  await t.callMust({ host, method: 'echo.Echo/Echo', message: { text: 'ready' } }, { status: 'OK' });
  const address = await t.gatewayMustBeProgrammed('routeproof-base/shared');
  const proxies = await proxyAddresses(env);
  const backend = env.echoPods[0];
  if (backend === undefined) throw new Error('there are no shared echo pods');
  const workDir = await mkdtemp(join(tmpdir(), 'routeproof-load-'));
  try {
    return await runLoad({
      subject: options.subject,
      ...options.plan,
      gateway: { address, port: 80, authority: t.host(host) },
      direct: { address: backend.address, port: backend.port },
      proxyPids: () => processesOfPods(proxies),
      workDir,
      progress: options.progress,
      signal: options.signal,
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function route(): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'load' },
    spec: {
      // Without the listener's name, as most scenarios: see barrier.ts.
      parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: 'echo', port: 9000 }] }],
    },
  };
}

interface PodList {
  items: { metadata: { labels?: Record<string, string> }; status?: { podIP?: string } }[];
}

/** Pods of the shared Gateway, by the label that GEP-1762 gives to what an implementation makes for a Gateway. */
async function proxyAddresses(env: RunEnv): Promise<string[]> {
  const query = { labelSelector: 'gateway.networking.k8s.io/gateway-name=shared' };
  const { items } = (await env.kube.send('GET', '/api/v1/pods', { query })) as PodList;
  return items.flatMap(({ status }) => (status?.podIP === undefined ? [] : [status.podIP]));
}
