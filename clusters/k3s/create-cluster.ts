import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { codeExtension } from '../../common/tools.ts';
import { finishNode } from '../node-container/finish-node.ts';
import { thisMachine } from '../node-container/machine.ts';
import type { Making, NodeRecipe } from '../node-container/node-recipe.ts';
import { k3sImage } from '../../common/k3s-image.ts';
import { clusterLabel, nodeOf } from './k3s-state.ts';
import { serverArguments } from './server-arguments.ts';
import type { StartRequest, StartResult } from './start-request.ts';

const script = fileURLToPath(new URL(`start-container${codeExtension}`, import.meta.url));

/**
 * Starts the node, and gives it the images and the load balancer that it comes without.
 *
 * @returns component versions
 * @throws RouteproofError CONTAINER_ENGINE_MISSING, INVALID_INPUT, IMAGE_MISSING, CLUSTER_START_FAILED
 */
export async function createCluster(
  recipe: NodeRecipe,
  making: Making,
  startTimeoutMs: number,
): Promise<Record<string, string>> {
  const { engine, name, signal } = making;
  try {
    const kubeconfig = await startContainer(making, {
      engine,
      image: k3sImage(),
      node: nodeOf(name),
      labels: { [clusterLabel]: name },
      command: serverArguments(thisMachine()),
      timeoutMs: startTimeoutMs,
    });
    writeFileSync(recipe.store.kubeconfigOf(name), kubeconfig, { mode: 0o600 });
    return await finishNode(recipe, making);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RouteproofError) throw error;
    throw failed(name, messageOf(error), error);
  }
}

/**
 * In a process of its own: testcontainers keeps one client a process and takes the engine's address from its environment, a start of
 * it cannot be interrupted, and no other cluster should have to load it (0.4 s). It ends when its standard input does.
 */
async function startContainer({ name, progress, signal }: Making, request: StartRequest): Promise<string> {
  // One that was interrupted before is told of it by no event.
  signal?.throwIfAborted();
  const child = execa(process.execPath, [script, JSON.stringify(request)], {
    stdin: 'pipe',
    reject: false,
    detached: true,
    cleanup: false,
  });
  const end = (): void => void child.stdin.end();
  signal?.addEventListener('abort', end);
  createInterface({ input: child.stderr }).on('line', progress);
  const { stdout, stderr } = await child;
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  const result = resultIn(stdout);
  if (result === undefined) throw failed(name, stderr.trim().split('\n').slice(-8).join('\n        '));
  if ('kubeconfig' in result) return result.kubeconfig;
  const { code, what, ...details } = result.failure;
  throw new RouteproofError(code, what, details);
}

function resultIn(text: string): StartResult | undefined {
  try {
    return JSON.parse(text) as StartResult;
  } catch {
    return undefined;
  }
}

function failed(name: string, seen: string, cause?: unknown): RouteproofError {
  return new RouteproofError('CLUSTER_START_FAILED', 'the k3s cluster could not be made', {
    object: `container ${nodeOf(name)}`,
    seen,
    hint: 'see docs/clusters.md, A cluster of k3s',
    cause,
  });
}
