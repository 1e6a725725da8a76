import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { runEngine, type ContainerEngine } from '../../common/container-engine.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { kindNodeImage } from '../../common/kind-node-image.ts';
import { toolPath } from '../../common/tools.ts';
import { networkPlan } from '../local/network-plan.ts';
import { kindEnv } from './delete-cluster.ts';
import { kindConfig, thisMachine } from './kind-config.ts';
import { loadImages, chosenNodeImage } from './kind-images.ts';
import { kindName, kubeconfigOf, nodeOf } from './kind-state.ts';

/** A node has been ready 10 s after its start on two idle cores; a loaded machine took ten times as long. */
const waitSeconds = 180;
const loadBalancerFile = fileURLToPath(new URL('load-balancer/manifest.yaml', import.meta.url));

interface Making {
  engine: ContainerEngine;
  name: string;
  progress: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Makes the cluster, waits until it can be used, and gives it the images and the load balancer that it comes without.
 *
 * @returns component versions
 * @throws RouteproofError CLUSTER_START_FAILED - with kind's last words
 */
export async function createCluster(making: Making): Promise<Record<string, string>> {
  const { engine, name, progress } = making;
  try {
    await runKind(making);
    if (process.platform === 'linux') await dialNode(making);
    await keepAddressesInside(making);
    progress('loading images into the node');
    const images = await loadImages(engine, nodeOf(name));
    if (images.some((image) => image.includes('/load-balancer:')))
      await kubectl(making, ['apply', '-f', '-'], readFileSync(loadBalancerFile, 'utf8'));
    const wait = ['wait', '--for=condition=Ready', 'nodes', '--all', `--timeout=${waitSeconds}s`];
    await kubectl(making, wait);
    await kubectl(making, ['wait', '--for=create', 'serviceaccount/default', `--timeout=${waitSeconds}s`]);
    return await versionsOf(making);
  } catch (error) {
    making.signal?.throwIfAborted();
    if (error instanceof RouteproofError) throw error;
    throw failed(name, messageOf(error), error);
  }
}

async function runKind({ engine, name, progress, signal }: Making): Promise<void> {
  const image = await chosenNodeImage(engine);
  const args = ['create', 'cluster', '--name', kindName(name), '--kubeconfig', kubeconfigOf(name)];
  const child = execa(
    toolPath('kind'),
    [...args, '--config', '-', ...(image === undefined ? [] : ['--image', image])],
    {
      env: kindEnv(engine),
      input: kindConfig(thisMachine(), image === kindNodeImage()),
      reject: false,
      detached: true,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
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
async function dialNode(making: Making): Promise<void> {
  const server = `--server=https://${await addressOf(making)}:6443`;
  await kubectl(making, ['config', 'set-cluster', `kind-${kindName(making.name)}`, server]);
}

/**
 * kube-proxy rewrites a served address before routing; a port that is not served is refused by the node, as on a local cluster. Without
 * the route such a call leaves for wherever the node's default route leads, where a proxy may answer it.
 */
async function keepAddressesInside(making: Making): Promise<void> {
  const route = ['local', networkPlan.loadBalancerCidr, 'dev', 'lo', 'src', await addressOf(making)];
  await runEngine(making.engine, ['exec', nodeOf(making.name), 'ip', 'route', 'replace', ...route]);
}

async function addressOf({ engine, name }: Making): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await runEngine(engine, ['container', 'inspect', '--format', format, nodeOf(name)])).trim();
}

async function versionsOf(making: Making): Promise<Record<string, string>> {
  const version = JSON.parse(await kubectl(making, ['get', '--raw', '/version'])) as { gitVersion: string };
  const kind = (await execa(toolPath('kind'), ['version', '--quiet'])).stdout.trim();
  const { engine } = making;
  return {
    kubernetes: version.gitVersion,
    kind: `v${kind.replace(/^v/, '')}`,
    [engine.name]: `v${engine.version}`,
  };
}

async function kubectl({ name, signal }: Making, args: string[], input?: string): Promise<string> {
  const { stdout } = await execa(toolPath('kubectl'), args, {
    env: { KUBECONFIG: kubeconfigOf(name) },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  return stdout;
}

function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const error = lines.findIndex((line) => line.startsWith('ERROR'));
  return (error === -1 ? lines.slice(-8) : lines.slice(error, error + 8)).join('\n        ');
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
