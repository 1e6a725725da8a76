import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { kindNodeImage } from '../../common/kind-node-image.ts';
import { toolPath } from '../../common/tools.ts';
import { finishNode, kubectlOf } from '../node-container/finish-node.ts';
import { thisMachine } from '../node-container/machine.ts';
import { addressOf } from '../node-container/node-container.ts';
import type { Making, NodeRecipe } from '../node-container/node-recipe.ts';
import { kindEnv } from './delete-cluster.ts';
import { kindConfig } from './kind-config.ts';
import { chosenNodeImage } from './kind-images.ts';
import { kindName, kindStore, nodeOf } from './kind-state.ts';
import { lastWords } from './last-words.ts';

/**
 * Makes the cluster, waits until it can be used, and gives it the images and the load balancer that it comes without.
 *
 * @returns component versions
 * @throws RouteproofError CLUSTER_START_FAILED - with kind's last words
 */
export async function createCluster(recipe: NodeRecipe, making: Making): Promise<Record<string, string>> {
  try {
    await runKind(making);
    if (process.platform === 'linux') await dialNode(making);
    const kind = (await execa(toolPath('kind'), ['version', '--quiet'])).stdout.trim();
    return { ...(await finishNode(recipe, making)), kind: `v${kind.replace(/^v/, '')}` };
  } catch (error) {
    making.signal?.throwIfAborted();
    if (error instanceof RouteproofError) throw error;
    throw failed(making.name, messageOf(error), error);
  }
}

async function runKind({ engine, name, progress, signal }: Making): Promise<void> {
  const image = await chosenNodeImage(engine);
  const args = ['create', 'cluster', '--name', kindName(name), '--kubeconfig', kindStore.kubeconfigOf(name)];
  const child = execa(
    toolPath('kind'),
    [...args, '--config', '-', ...(image === undefined ? [] : ['--image', image])],
    {
      env: kindEnv(engine),
      input: kindConfig(thisMachine(), image === kindNodeImage()),
      reject: false,
      detached: true,
      ...given({ cancelSignal: signal }),
    },
  );
  const lines = createInterface({ input: child.stderr });
  // Its own steps, one a line, with a picture behind: " ✓ Starting control-plane 🕹️".
  lines.on('line', (line) => {
    const [, step] = /^ ✓ ([\x20-\x7e]*[\x21-\x7e])/.exec(line) ?? [];
    if (step !== undefined) progress(`kind: ${step}`);
  });
  const result = await child;
  if (!result.failed) return;
  signal?.throwIfAborted();
  throw failed(name, lastWords(result.stderr || (result.shortMessage ?? '')), result);
}

/** kind names a port of this machine; in the node's network, and on Linux beside it, the server has its own address. */
async function dialNode({ engine, name, signal }: Making): Promise<void> {
  const server = `--server=https://${await addressOf(engine, nodeOf(name))}:6443`;
  await kubectlOf(
    kindStore.kubeconfigOf(name),
    signal,
  )(['config', 'set-cluster', `kind-${kindName(name)}`, server]);
}

function failed(name: string, seen: string, cause: unknown): RouteproofError {
  const pulls = /pull access|pulling|pinging container registry|no such host|i\/o timeout|manifest unknown/i;
  return new RouteproofError('CLUSTER_START_FAILED', 'kind could not make the cluster', {
    object: `kind cluster ${kindName(name)}`,
    seen,
    hint: pulls.test(seen)
      ? 'where no registry can be reached, `tools/setup.sh kind` makes a node image; or name one in ROUTEPROOF_KIND_NODE_IMAGE'
      : 'see docs/clusters.md, or try the same with `kind create cluster --retain` and `kind export logs`',
    cause,
  });
}
