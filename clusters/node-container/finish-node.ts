import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { runEngine } from '../../common/container-engine.ts';
import { given } from '../../common/given.ts';
import { toolPath } from '../../common/tools.ts';
import { networkPlan } from '../network/network-plan.ts';
import { loadImages } from './load-images.ts';
import { addressOf, processLimitOf } from './node-container.ts';
import type { Making, NodeRecipe } from './node-recipe.ts';

/** A node has been ready 10 s after its start on two idle cores; a loaded machine took ten times as long. */
const waitSeconds = 180;
const loadBalancerFile = fileURLToPath(new URL('load-balancer/manifest.yaml', import.meta.url));

/**
 * Gives a node that answers the images and the load balancer that it comes without, and waits until it can be used.
 *
 * @returns versions of Kubernetes and of the engine
 */
export async function finishNode(recipe: NodeRecipe, making: Making): Promise<Record<string, string>> {
  const { engine, name, progress } = making;
  const node = recipe.nodeOf(name);
  const kubectl = kubectlOf(recipe.store.kubeconfigOf(name), making.signal);
  await keepAddressesInside(making, node);
  await tellOfFewProcesses(making, node);
  progress('loading images into the node');
  const images = await loadImages(engine, node);
  if (images.some((image) => image.includes('/load-balancer:')))
    await kubectl(['apply', '-f', '-'], readFileSync(loadBalancerFile, 'utf8'));
  await kubectl(['wait', '--for=condition=Ready', 'nodes', '--all', `--timeout=${waitSeconds}s`]);
  await kubectl(['wait', '--for=create', 'serviceaccount/default', `--timeout=${waitSeconds}s`]);
  const version = JSON.parse(await kubectl(['get', '--raw', '/version'])) as { gitVersion: string };
  return { kubernetes: version.gitVersion, [engine.name]: `v${engine.version}` };
}

/**
 * kube-proxy rewrites a served address before routing; a port that is not served is refused by the node, as on a local cluster. Without
 * the route such a call leaves for wherever the node's default route leads, where a proxy may answer it.
 */
async function keepAddressesInside({ engine }: Making, node: string): Promise<void> {
  const route = ['local', networkPlan.loadBalancerCidr, 'dev', 'lo', 'src', await addressOf(engine, node)];
  await runEngine(engine, ['exec', node, 'ip', 'route', 'replace', ...route]);
}

/** A run of all scenarios has a hundred proxies at a time, with some 4,000 threads: beyond the limit pods do not start, for no fault of theirs. */
const wantedProcesses = 8_192;

async function tellOfFewProcesses({ engine, progress }: Making, node: string): Promise<void> {
  const limit = await processLimitOf(engine, node);
  if (limit === undefined || limit >= wantedProcesses) return;
  progress(
    `${engine.name} lets the node have ${limit} processes and threads, and a run of all scenarios may need ${wantedProcesses}: write \`pids_limit = 0\` under [containers] in your containers.conf`,
  );
}

/** Runs kubectl with a kubeconfig. */
export function kubectlOf(
  kubeconfig: string,
  signal?: AbortSignal,
): (args: string[], input?: string) => Promise<string> {
  return async (args, input) => {
    const { stdout } = await execa(toolPath('kubectl'), args, {
      env: { KUBECONFIG: kubeconfig },
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      ...given({ cancelSignal: signal }),
    });
    return stdout;
  };
}
